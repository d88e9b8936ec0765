import { stringify } from "yaml";
import type { Relation } from "../../../src/protocol/relation";

/** The relation as the YAML text of a relation file; `parseRelation` gives it back. */
export function relationText(relation: Relation): string {
  const { name, templateFile, templates, samples, pairs, controlRelations, expect, model, properties } = relation;
  const document = {
    name,
    ...(model !== undefined && { model }),
    ...(templateFile !== undefined && { template: templateFile }),
    ...((templates.length > 0 || templateFile === undefined) && { prompt_templates: templates }),
    samples,
    ...(pairs !== undefined && { pairs }),
    ...(controlRelations !== undefined && { control_relations: controlRelations }),
    ...(expect !== undefined && { expect }),
    ...(properties !== undefined && { properties }),
  };
  return stringify(document, { lineWidth: 0, aliasDuplicateObjects: false, compat: "yaml-1.1" });
}
