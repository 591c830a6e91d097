import { type ReactNode, useMemo, useState } from 'react';
import { noTotals, type Totals } from '../../../src-shared/routing/usage.ts';
import { type Column, Table } from '../../ui/table.tsx';
import { dayTotals, type Series } from './logic/chart.ts';
import { type Measure, measured } from './logic/usage-picture.ts';
import { dayText, sumText } from './logic/usage-words.ts';

interface Row {
  day: string;
  total: Totals;
  parts: readonly Totals[];
}

/** The chart as a table: a row a day, a column a group. */
export function DayTable(props: {
  days: readonly string[];
  series: readonly Series[];
  measure: Measure;
}): ReactNode {
  const { days, series, measure } = props;
  const [selected, setSelected] = useState<string | undefined>(undefined);
  const rows = useMemo(() => {
    const totals = dayTotals(days, series);
    return days.map(
      (day, index): Row => ({
        day,
        total: totals[index] ?? noTotals,
        parts: series.map((each) => each.byDay[index] ?? noTotals),
      }),
    );
  }, [days, series]);
  const columns = useMemo(
    (): readonly Column<Row>[] => [
      {
        id: 'day',
        title: 'Day',
        width: '96px',
        compare: (a, b) => a.day.localeCompare(b.day),
        render: ({ day }) => <span className="text-1">{dayText(day)}</span>,
      },
      {
        id: 'total',
        title: 'All',
        width: '128px',
        align: 'right',
        compare: (a, b) => measured(a.total, measure) - measured(b.total, measure),
        render: ({ total }) => cell(total, measure),
      },
      ...series.map(
        (each, index): Column<Row> => ({
          id: each.name,
          title: each.name,
          align: 'right',
          render: ({ parts }) => cell(parts[index], measure),
        }),
      ),
    ],
    [series, measure],
  );
  return (
    <Table
      label="Usage per day"
      columns={columns}
      rows={rows}
      rowKey={(row) => row.day}
      initialSort={{ column: 'day', descending: true }}
      selected={selected}
      onSelect={setSelected}
      className="h-208 shrink-0 text-2"
    />
  );
}

function cell(sum: Totals | undefined, measure: Measure): string {
  return sum === undefined || sum.calls === 0 ? '' : sumText(sum, measure);
}
