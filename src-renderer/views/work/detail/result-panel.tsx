import { Download } from 'lucide-react';
import type { ReactNode } from 'react';
import type { WorkRecord } from '../../../../src-shared/protocol/work.ts';
import { useAction } from '../../../data/queries.ts';
import { Button } from '../../../ui/button.tsx';
import { CopyButton } from '../../../ui/copy-button.tsx';
import { bytes, count } from '../../../ui/format.ts';
import { scrollProps } from '../../../ui/grid-roles.ts';

/** More characters than this are not put into the page; copying takes all. */
const SHOWN = 200_000;

/** A result in a form to read: JSON with line breaks, anything else as it is. */
export function readable(result: string): string {
  if (!/^\s*[[{]/.test(result) || result.length > SHOWN) return result;
  try {
    return JSON.stringify(JSON.parse(result), null, 2);
  } catch {
    return result;
  }
}

/** Whether a work has a result to show. */
export function hasResult(record: WorkRecord): boolean {
  return record.result !== undefined || record.result_ref !== undefined;
}

/** What a work gave back; a large result is read when a person asks for it. */
export function ResultPanel({ record }: { record: WorkRecord }): ReactNode {
  const load = useAction('work.result');
  const loaded = load.variables?.id === record.work_id ? load.data?.result : undefined;
  const result = record.result ?? loaded;
  if (result === undefined)
    return (
      <div className="flex flex-col items-start gap-8 px-20 py-12 text-small text-2 max-wide:px-16">
        <p>The result has {bytes(record.result_ref?.bytes ?? 0)}.</p>
        <Button
          icon={Download}
          busy={load.isPending}
          busyLabel="Reading"
          onClick={() => load.mutate({ id: record.work_id })}
        >
          Show the result
        </Button>
        {load.error !== null && (
          <p role="alert" className="text-fail">
            {load.error.message} {load.error.hint}
          </p>
        )}
      </div>
    );
  const text = readable(result);
  return (
    <div className="relative flex min-h-0 flex-1 flex-col bg-inset">
      <div className="absolute top-8 right-16">
        <CopyButton text={result} label="Copy the result" size={24} />
      </div>
      {result === '' ? (
        <p className="p-16 text-small text-3">It ended without a word.</p>
      ) : (
        <div {...scrollProps('Result')} className="min-h-0 flex-1 overflow-auto -outline-offset-2">
          <pre className="takeable px-20 py-8 pr-56 font-mono text-mono whitespace-pre-wrap wrap-anywhere text-1">
            {text.slice(0, SHOWN)}
          </pre>
          {text.length > SHOWN && (
            <p className="px-20 pb-8 text-small text-3">
              The first {count(SHOWN)} of {count(text.length)} characters. Copying takes all.
            </p>
          )}
        </div>
      )}
    </div>
  );
}
