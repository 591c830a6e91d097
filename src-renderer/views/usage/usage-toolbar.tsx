import type { ReactNode } from 'react';
import { useRemembered } from '../../data/view-state.ts';
import { FilterField } from '../../ui/input.tsx';
import { Toolbar } from '../../ui/page.tsx';
import { Segment } from '../../ui/segment.tsx';
import { Select } from '../../ui/select.tsx';
import type { Grouping, Measure } from './logic/usage-picture.ts';
import { GROUP_WORDS } from './logic/usage-words.ts';

const RANGES = [
  { value: '1', label: 'Today' },
  { value: '7', label: '7 days' },
  { value: '30', label: '30 days' },
] as const;
const MEASURES: readonly { value: Measure; label: string }[] = [
  { value: 'money', label: 'Money' },
  { value: 'tokens', label: 'Tokens' },
  { value: 'calls', label: 'Calls' },
];
const GROUPINGS: readonly Grouping[] = ['agent', 'model', 'provider', 'station'];

/** What of the usage is shown and how, which stays while the app runs. */
export interface UsageLook {
  days: number;
  measure: Measure;
  by: Grouping;
  text: string;
  setDays(days: '1' | '7' | '30'): void;
  setMeasure(measure: Measure): void;
  setBy(by: Grouping): void;
  setText(text: string): void;
}

/** The choices as they are remembered. */
export function useUsageLook(): UsageLook {
  const [days, setDays] = useRemembered('usage.days', '7');
  const [measure, setMeasure] = useRemembered('usage.measure', 'money');
  const [by, setBy] = useRemembered('usage.by', 'agent');
  const [text, setText] = useRemembered('usage.filter', '');
  return {
    days: Number(days),
    measure: MEASURES.find((each) => each.value === measure)?.value ?? 'money',
    by: GROUPINGS.find((each) => each === by) ?? 'agent',
    text,
    setDays,
    setMeasure,
    setBy,
    setText,
  };
}

/** Filter, range, measure and grouping. */
export function UsageToolbar({ look }: { look: UsageLook }): ReactNode {
  const range = RANGES.find((each) => each.value === String(look.days))?.value ?? '7';
  return (
    <Toolbar>
      <FilterField
        label={`Filter ${GROUP_WORDS[look.by].title.toLowerCase()}`}
        value={look.text}
        onChange={look.setText}
        className="min-w-120 shrink"
      />
      <Select
        label="Group by"
        size="filter"
        value={look.by}
        onChange={look.setBy}
        options={GROUPINGS.map((by) => ({ value: by, label: `By ${GROUP_WORDS[by].one.toLowerCase()}` }))}
      />
      <span className="ml-auto flex items-center gap-8">
        <Segment label="Measure" value={look.measure} onChange={look.setMeasure} options={MEASURES} />
        <Segment label="Range" value={range} onChange={look.setDays} options={RANGES} />
      </span>
    </Toolbar>
  );
}
