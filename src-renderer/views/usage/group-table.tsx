import { type ReactNode, useMemo } from 'react';
import { count, percent, shortCount } from '../../ui/format.ts';
import { type Column, Table } from '../../ui/table.tsx';
import type { Grouping, UsageGroup } from './logic/usage-picture.ts';
import { averageText, GROUP_WORDS, moneyText } from './logic/usage-words.ts';
import { Swatch } from './look.tsx';

function figure(
  id: string,
  title: string,
  width: string,
  value: (group: UsageGroup) => number,
  text: (group: UsageGroup) => string,
): Column<UsageGroup> {
  return { id, title, width, align: 'right', compare: (a, b) => value(a) - value(b), render: text };
}

/** A count where zero is not worth reading. */
const some = (value: number) => (value === 0 ? '' : count(value));

const figures: readonly Column<UsageGroup>[] = [
  figure(
    'calls',
    'Calls',
    '68px',
    ({ sum }) => sum.calls,
    ({ sum }) => count(sum.calls),
  ),
  figure(
    'failed',
    'Failed',
    '64px',
    ({ sum }) => sum.failed,
    ({ sum }) => some(sum.failed),
  ),
  figure(
    'limited',
    'Limited',
    '70px',
    ({ sum }) => sum.rate_limited,
    ({ sum }) => some(sum.rate_limited),
  ),
  figure(
    'in',
    'In',
    '68px',
    ({ sum }) => sum.input_tokens,
    ({ sum }) => shortCount(sum.input_tokens),
  ),
  figure(
    'out',
    'Out',
    '68px',
    ({ sum }) => sum.output_tokens,
    ({ sum }) => shortCount(sum.output_tokens),
  ),
  figure(
    'money',
    'Money',
    '104px',
    ({ sum }) => sum.usd,
    ({ sum }) => moneyText(sum),
  ),
  figure(
    'average',
    'Per call',
    '112px',
    ({ sum }) => (sum.calls === 0 ? 0 : sum.usd / sum.calls),
    ({ sum }) => averageText(sum),
  ),
  figure(
    'share',
    'Share',
    '80px',
    ({ share }) => share,
    ({ share }) => (share > 0 && share < 0.005 ? '< 1%' : percent(share)),
  ),
];

/** Each group with its sums, shares and averages; a selected one stands alone in the chart. */
export function GroupTable(props: {
  by: Grouping;
  groups: readonly UsageGroup[];
  selected: string | undefined;
  onSelect(name: string | undefined): void;
}): ReactNode {
  const { by, groups, selected, onSelect } = props;
  const columns = useMemo(
    (): readonly Column<UsageGroup>[] => [
      {
        id: 'name',
        title: GROUP_WORDS[by].one,
        compare: (a, b) => a.name.localeCompare(b.name),
        render: ({ name, look }) => (
          <span className="flex items-center gap-8" title={name}>
            <Swatch look={look} />
            <span className="truncate font-medium text-1">{name}</span>
          </span>
        ),
      },
      ...figures,
    ],
    [by],
  );
  return (
    <Table
      label={GROUP_WORDS[by].title}
      columns={columns}
      rows={groups}
      rowKey={(group) => group.name}
      initialSort={{ column: 'share', descending: true }}
      selected={selected}
      onSelect={(name) => onSelect(name === selected ? undefined : name)}
      onOpen={() => onSelect(undefined)}
      className="flex-1 text-2"
    />
  );
}
