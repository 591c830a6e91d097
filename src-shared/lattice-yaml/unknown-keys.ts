import type { z } from 'zod';
import { closest } from './closest.ts';
import type { YamlPath } from './diagnostic.ts';
import { isMap } from './merge.ts';

export type JsonSchema = z.core.JSONSchema.BaseSchema;

/** Keys that a schema does not know but that are near one it knows. */
export function unknownKeys(
  schema: JsonSchema,
  value: unknown,
  path: YamlPath = [],
): { path: YamlPath; meant: string }[] {
  const branches = schema.anyOf ?? schema.oneOf;
  if (branches !== undefined) {
    const fitting = branches.filter((each) => fits(each, value));
    const branch = fitting.find((each) => hasRequired(each, value)) ?? fitting[0];
    return branch === undefined ? [] : unknownKeys(branch as JsonSchema, value, path);
  }
  if (Array.isArray(value)) {
    const items = schema.items;
    if (typeof items !== 'object' || Array.isArray(items)) return [];
    return value.flatMap((item, index) => unknownKeys(items, item, [...path, index]));
  }
  if (!isMap(value)) return [];
  const known = schema.properties ?? {};
  return Object.entries(value).flatMap(([key, child]) => {
    const inner = Object.hasOwn(known, key) ? known[key] : schema.additionalProperties;
    if (typeof inner === 'object' && (Object.hasOwn(known, key) || Object.keys(inner).length > 0))
      return unknownKeys(inner, child, [...path, key]);
    const meant = closest(
      key,
      Object.keys(known).filter((name) => !Object.hasOwn(value, name)),
    );
    return meant === undefined ? [] : [{ path: [...path, key], meant }];
  });
}

function hasRequired(schema: unknown, value: unknown): boolean {
  if (!isMap(schema) || !isMap(value) || !Array.isArray(schema.required)) return true;
  return schema.required.every((key) => Object.hasOwn(value, String(key)));
}

function fits(schema: unknown, value: unknown): boolean {
  if (!isMap(schema)) return false;
  const inner = schema.anyOf ?? schema.oneOf;
  if (Array.isArray(inner)) return inner.some((each) => fits(each, value));
  if (schema.type === 'array') return Array.isArray(value);
  if (schema.type !== 'object') return false;
  if (!isMap(value)) return false;
  const strategy = isMap(schema.properties) ? schema.properties.strategy : undefined;
  return !isMap(strategy) || strategy.const === undefined || strategy.const === value.strategy;
}
