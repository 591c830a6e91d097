import { own } from '../routing/own.ts';
import type { Comparison, Expression } from './condition.ts';
import type { ConditionFact, ConditionFacts } from './condition-names.ts';

/** Whether a condition holds. A name without a fact is nothing: not true, equal to nothing, in nothing. */
export function evaluateCondition(expression: Expression, facts: ConditionFacts): boolean {
  return isTrue(resultOf(expression, facts));
}

function resultOf(expression: Expression, facts: ConditionFacts): ConditionFact | undefined {
  switch (expression.kind) {
    case 'literal':
      return expression.value;
    case 'list':
      return expression.items;
    case 'name':
      return factOf(facts, expression.name);
    case 'not':
      return !evaluateCondition(expression.of, facts);
    case 'and':
      return evaluateCondition(expression.left, facts) && evaluateCondition(expression.right, facts);
    case 'or':
      return evaluateCondition(expression.left, facts) || evaluateCondition(expression.right, facts);
    case 'compare':
      return compare(
        expression.operator,
        resultOf(expression.left, facts),
        resultOf(expression.right, facts),
      );
    case 'in':
      return isWithin(resultOf(expression.left, facts), resultOf(expression.right, facts));
    default:
      return expression satisfies never;
  }
}

/** The fact behind a name, and nothing for the keys of a prototype. */
export function factOf(facts: ConditionFacts, name: string): ConditionFact | undefined {
  return own<ConditionFact | undefined>(facts, name);
}

function isTrue(value: ConditionFact | undefined): boolean {
  if (value === undefined) return false;
  return typeof value === 'object' ? value.length > 0 : value !== false && value !== 0 && value !== '';
}

function compare(
  operator: Comparison,
  left: ConditionFact | undefined,
  right: ConditionFact | undefined,
): boolean {
  const [a, b] = [comparable(left), comparable(right)];
  if (operator === '==') return a !== undefined && a === b;
  if (operator === '!=') return a === undefined || a !== b;
  if (typeof a !== 'number' || typeof b !== 'number') return false;
  switch (operator) {
    case '<':
      return a < b;
    case '<=':
      return a <= b;
    case '>':
      return a > b;
    case '>=':
      return a >= b;
    default:
      return operator satisfies never;
  }
}

/** A list compares as the number of its items. */
function comparable(value: ConditionFact | undefined): string | number | boolean | undefined {
  return typeof value === 'object' ? value.length : value;
}

function isWithin(part: ConditionFact | undefined, whole: ConditionFact | undefined): boolean {
  if (typeof part !== 'string') return false;
  if (typeof whole === 'string') return whole.includes(part);
  return typeof whole === 'object' && whole.includes(part);
}
