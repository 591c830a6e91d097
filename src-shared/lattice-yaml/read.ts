import { check } from './check.ts';
import type { Diagnostic } from './diagnostic.ts';
import { isMap, mergeLayers } from './merge.ts';
import { type ParsedYaml, parseYaml } from './parse-yaml.ts';
import { type LatticeYaml, latticeYamlSchema } from './schema.ts';

/** One file of the configuration; the later one wins. */
export interface Layer {
  /** The file as a person knows it, such as `lattice.local.yaml`. */
  source: string;
  text: string;
}

/** What the files say together. */
export interface LatticeYamlReading {
  layers: ParsedYaml[];
  /** Nothing when a file cannot be read as YAML. Parts that the schema refuses are left out of it. */
  value: LatticeYaml | undefined;
  diagnostics: Diagnostic[];
}

const SECTIONS_WITH_NAMES = new Set(['agents', 'providers', 'mcp', 'commands']);

/**
 * Reads lattice.yaml and what is laid over it, the strongest last. Never throws. `last` is what was read before: where
 * a part is wrong now, that of `last` stands in for it.
 */
export function readLatticeYaml(files: readonly Layer[], last?: LatticeYaml): LatticeYamlReading {
  const layers = files.map((file) => parseYaml(file.text, file.source));
  const diagnostics = layers.flatMap((layer) => layer.diagnostics);
  const [first, ...others] = layers;
  if (first === undefined) return { layers, value: {}, diagnostics };
  if (diagnostics.some((each) => each.severity === 'error')) return { layers, value: undefined, diagnostics };
  const merged = others.reduce<unknown>((below, layer) => mergeLayers(below, layer.value), first.value ?? {});
  diagnostics.push(...check(merged, latticeYamlSchema, [first, ...others]));
  const wrong = diagnostics.filter((each) => each.severity === 'error');
  const sound = withoutWrong(merged, wrong, last ?? {});
  return { layers, value: latticeYamlSchema.safeParse(sound).data ?? {}, diagnostics };
}

/** What is left of a document when the parts that are wrong go back to those of `last`: one named entry, or a whole section. */
function withoutWrong(value: unknown, wrong: readonly Diagnostic[], last: Record<string, unknown>): unknown {
  if (!isMap(value)) return last;
  let rest: Record<string, unknown> = { ...value };
  for (const { path } of wrong) {
    const [section, name] = path;
    if (section === undefined) return last;
    const entries = rest[section];
    if (name !== undefined && SECTIONS_WITH_NAMES.has(String(section)) && isMap(entries))
      rest = { ...rest, [section]: goBack(entries, String(name), last[section]) };
    else rest = goBack(rest, String(section), last);
  }
  return rest;
}

function goBack(entries: Record<string, unknown>, name: string, last: unknown): Record<string, unknown> {
  const back = isMap(last) && Object.hasOwn(last, name) ? last[name] : undefined;
  return Object.fromEntries(
    Object.entries(entries).flatMap(([key, entry]) =>
      key !== name ? [[key, entry]] : back === undefined ? [] : [[key, back]],
    ),
  );
}
