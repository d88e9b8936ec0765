export const commandNames = [
  "analyze",
  "test",
  "collection",
  "compare",
  "relations",
  "model",
  "twin",
  "origins",
] as const;
export type CommandName = (typeof commandNames)[number];

/** @param column at which explanations start */
const everywhere = (column: number): string =>
  [
    ["--verbose", "show what the engine logs, and stack traces of faults"],
    ["--help", "show this text"],
  ]
    .map(([option = "", text = ""]) => `  ${option.padEnd(column - 2)}${text}`)
    .join("\n");

export const generalHelp = `Relation Lens shows whether a language model carries a relation linearly.

  relation-lens analyze <file>…                 compute the linear properties of relations, in
                                                relation files and prompt files
  relation-lens test <file or folder>…          check what relation files expect of a model
  relation-lens collection                      list the built-in relations
  relation-lens relations <file> <file>…        show what several relations share in one model
  relation-lens compare <left.json> <right.json>
                                                compare two saved reports on one relation
  relation-lens model <model>                   show what the loader finds in a model
  relation-lens twin <model> --out <folder>     write an equivalent twin of a model
  relation-lens origins                         simulate how linear representations arise
  relation-lens <command> --help                explain a command and its options
  relation-lens --version

Exit status: 0 done; 1 wrong usage; 2 the input cannot be used; 3 the model cannot be used;
4 an expectation does not hold; 70 a fault of the program; 130 interrupted.
`;

export const commandHelp: Record<CommandName, string> = {
  analyze: `relation-lens analyze <relation file or prompt file>… [options]

Computes the linear properties of each relation and prints a summary; progress on standard error.
A prompt without samples of its own takes its subjects from a relation file or a list of pairs
beside it, of the same base name or with the same template.

  --subjects SOURCE     where the subjects come from: a relation file, a list of pairs (.tsv,
                        .jsonl), or the name of a built-in relation
  --slot NAME           the variable that is the subject, in a prompt file with several
  --list NAME           the list to read, in a file with several
  --model MODEL         folder, .onnx file or hub id (owner/name[@revision][:variant]);
                        the embedded teaching model where absent
  --only LIST           some of parallelism,linearity,probes,subspaces,steering,origins;
                        else all
  --compare MODEL       a second model, named like --model: the same in both, and what they share
  --contexts PATH       a text file or folder whose paragraphs are general contexts; else those of
                        the product
  --layers LAYERS       all (default), last, or numbers such as 0,2,4 (0 = embeddings)
  --seed N              of permutations and bootstrap draws; 0 where absent
  --bos WHEN            first token: auto (what the tokeniser adds, default), always, never
  --provider NAME       what runs the model: auto (default), cpu, cuda, dml, coreml, webgpu;
                        the CPU, with a warning, where it is not available
  --threads N           threads of the model; 0 (default) leaves their number to onnxruntime
  --twins N             exact twins of each family in the twin test, 20 where absent; 0: none
  --jacobian            the Jacobian estimator too: 16 passes for each subject, template and layer
  --html FILE           write the report as one self-contained page (one relation)
  --csv FOLDER          write every table of the report as CSV into a folder (one relation)
  --latex FILE          write the properties as a LaTeX table, for booktabs (one relation)
  --markdown FILE       write the summary and the properties as Markdown (one relation)
  --out FILE            write the report as JSON instead of the summary; - for standard output
                        (one relation: the report; several: a list of reports)
  --activations FILE    write the activations behind the figures as safetensors (one relation)
${everywhere(24)}
`,
  test: `relation-lens test <relation file or folder>… [options]

Analyses relation files that have an expect and says of each expectation whether it holds; in folders,
and those below them, all such files. Only what the expectations are about is computed.

  --junit FILE          write the results as JUnit XML too, for CI
  --model MODEL         folder, .onnx file or hub id; the embedded teaching model where absent
  --compare MODEL       a second model, for expectations of the comparison
  --layers LAYERS       all (default), last, or numbers such as 0,2,4 (0 = embeddings)
  --seed N              of permutations and bootstrap draws; 0 where absent
  --twins N             exact twins of each family where an expectation needs them; 20 where absent
  --bos, --provider, --threads, --contexts, --jacobian
                        as for analyze
${everywhere(24)}
`,
  collection: `relation-lens collection [options]

Lists the relations that come with Relation Lens, whose subjects a prompt may take: name, number of
samples, an example and a template.

  --json     print them as JSON
${everywhere(13)}
`,
  relations: `relation-lens relations <relation file> <relation file>… [options]

Compares relations in one model, all at as many subjects and word pairs as the smallest has: overlap
of their subspaces, parallelism of their pairs, probes of one on the words of another, and the
directions of their concepts. Prints tables, clustered; * marks what is beyond its null.

  --model MODEL    folder, .onnx file or hub id; the embedded teaching model where absent
  --layers LAYERS  of the probes, beside f: all (default: the embeddings and the middle layer),
                   last, or numbers such as 0,2,4
  --seed N         of draws and permutations; 0 where absent
  --bos WHEN       first token: auto (what the tokeniser adds, default), always, never
  --provider NAME  what runs the model: auto (default), cpu, cuda, dml, coreml, webgpu
  --threads N      threads of the model; 0 (default) leaves their number to onnxruntime
  --twins N        exact twins of each family, 3 where absent, and at most; 0: none
  --out FILE       write the report as JSON instead of the tables; - for standard output
${everywhere(19)}
`,
  compare: `relation-lens compare <left.json> <right.json> [options]

Compares two saved reports on one relation, without their models: every property in both, and
whether it holds in both, in one, in none, or depends on the basis.

  --html FILE    write the first report, with the comparison, as one self-contained page
  --out FILE     write it as JSON instead of the summary; - for standard output
${everywhere(17)}
`,
  model: `relation-lens model <folder|file.onnx|hub id> [options]

Opens a model and shows its sizes, how its output projection was found, and the loader's checks.

  --json           print it as JSON
  --provider NAME  what runs the model: auto (default), cpu, cuda, dml, coreml, webgpu;
                   the CPU, with a note, where it is not available
  --threads N      threads of the model; 0 (default) leaves their number to onnxruntime
${everywhere(19)}
`,
  twin: `relation-lens twin <folder|file.onnx|hub id> --out <folder> [options]

Writes an equivalent twin of a model: the same next-token distribution in other coordinates, as a
model of its own. Opens what it has written and shows how far its log-probabilities are from the
original's.

  --out FOLDER     folder to write; must be absent or empty
  --hidden-size N  hidden size of the twin, at least the model's own, which it is where absent
  --condition C    condition number of the change of basis, 1 to 1000000; 100 where absent
  --seed N         of the change of basis; 0 where absent
${everywhere(19)}
`,
  origins: `relation-lens origins [options]

Simulates how linear representations arise: binary concepts on a random graph, strings of them, and
look-up tables that learn to predict a string from one with some concepts hidden. Measures how
parallel the steering vectors of a concept become.

  --concepts M      binary concepts, 3 to 10; 5 where absent
  --runs R          runs, each with a graph of its own, up to 100; 3 where absent
  --optimizer NAME  sgd (default) or adam
  --seed N          of graphs, first values and samples; 0 where absent
  --dimension D     of the tables, up to 16; M where absent
  --steps N         most steps of a run, which ends where its curve is flat
  --masks SHARE     share of the 2^M masks in use, such as 0.5; 1 where absent
  --strings SHARE   share of the 2^M strings in use; 1 where absent
  --out FILE        write the report as JSON instead of the summary; - for standard output
${everywhere(20)}
`,
};
