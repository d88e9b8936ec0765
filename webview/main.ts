/** One bundle for every page; `data-page` of the body says which one it is. */
import "./main.css";
import { relationsPage } from "./relations/relationsPage";
import { reportPage } from "./report/reportPage";
import { simulationPage } from "./simulation/simulationPage";

const app = document.getElementById("app");
if (app) {
  switch (document.body.dataset["page"]) {
    case "relations":
      relationsPage(app);
      break;
    case "simulation":
      simulationPage(app);
      break;
    default:
      reportPage(app);
  }
}
