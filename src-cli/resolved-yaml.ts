import { stringify } from 'yaml';
import type { YamlPath } from '../src-shared/lattice-yaml/diagnostic.ts';
import { variablesOf } from '../src-shared/lattice-yaml/env.ts';
import { isMap } from '../src-shared/lattice-yaml/merge.ts';
import { isSecretPath } from '../src-shared/lattice-yaml/secret.ts';

/** A document as it may be shown: what may be a secret is `(set)`, unless it only names a variable. */
export function withoutSecrets(value: unknown, path: YamlPath = []): unknown {
  if (Array.isArray(value)) return value.map((item, index) => withoutSecrets(item, [...path, index]));
  if (isMap(value))
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [key, withoutSecrets(item, [...path, key])]),
    );
  const last = path.at(-1);
  // `env: NAME` of a provider and lists of names hold no values.
  const isNamed = typeof last === 'string' && last !== 'env' && isSecretPath(path);
  if (!isNamed || typeof value !== 'string' || variablesOf(value).length > 0) return value;
  return '(set)';
}

/** A document as YAML, for people. */
export function resolvedYaml(document: unknown): string {
  return stringify(document, { lineWidth: 0 });
}
