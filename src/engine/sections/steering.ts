import type { SectionFigures } from "./sectionFigures";
import { answerCoupling } from "./steering/coupling";
import { finalSteering } from "./steering/finalSteering";
import { layerSteering } from "./steering/layerSteering";
import { studyContexts } from "./steering/steeringContexts";
import { steeringExamples } from "./steering/steeringExamples";
import { fewestSubjects, steeredPrompts } from "./steering/steeringPrompts";
import type { MapRank } from "./ranks";
import type { Study } from "./study";

type SteeringFigures = Pick<SectionFigures, "steering" | "steeringExamples" | "coupling">;

/** Steering at f and at every layer, and how far directions move one another (linear-properties section 8). */
export async function steeringSection(study: Study, mapRanks: readonly MapRank[]): Promise<SteeringFigures> {
  const contexts = await studyContexts(study);
  const coupling = answerCoupling(study, contexts);
  if (!canSteer(study)) return { steering: [], steeringExamples: [], coupling };
  const [atFinal, atLayers] = await Promise.all([finalSteering(study, contexts), layerSteering(study, mapRanks)]);
  const steering = [...atFinal, ...atLayers.results];
  const examples = study.effort === "full" ? await steeringExamples(study, steering, atLayers.steered, contexts) : [];
  return { steering, steeringExamples: examples, coupling };
}

function canSteer(study: Study): boolean {
  if (study.set.samples < fewestSubjects) {
    study.warn(
      "steering-too-few-subjects",
      `Nothing is steered: ${study.set.samples} subjects, at least ${fewestSubjects} needed.`,
      "steering",
    );
    return false;
  }
  if (steeredPrompts(study, 1).prompts.length === 0) {
    study.warn("steering-one-answer", "Nothing is steered: the subjects have no two different answers.", "steering");
    return false;
  }
  if (study.controls.length === 0) {
    study.warn(
      "steering-without-controls",
      "What steering does to other relations is not known: name other relation files under control_relations.",
      "steering",
    );
  }
  return true;
}
