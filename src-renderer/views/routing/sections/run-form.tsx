import { type ReactNode, useMemo } from 'react';
import type { PlainValue } from '../../../../src-shared/lattice-yaml/edit/edit.ts';
import { plainAt } from '../../../../src-shared/lattice-yaml/edit/find.ts';
import { acpRuntimes, type RunKind } from '../../../../src-shared/lattice-yaml/run-schema.ts';
import { lineOfParts, partsOfLine } from '../../../../src-shared/routing-editor/command-line.ts';
import { problemWords } from '../../../../src-shared/routing-editor/form-edits.ts';
import { mergedAt } from '../../../../src-shared/routing-editor/layers.ts';
import { RUN_KINDS, runKindOf } from '../../../../src-shared/routing-editor/run-form.ts';
import { Segment } from '../../../ui/segment.tsx';
import { useDraft } from '../state/draft-store.ts';
import { changeRunKind } from '../state/form-actions.ts';
import { EntryFields, Wide } from './entry-card.tsx';
import { ChoiceField, ListField, NumberField, TextField } from './fields.tsx';
import { PairsField } from './pairs-field.tsx';
import { RunLimits } from './run-limits.tsx';
import { YamlField } from './yaml-field.tsx';

const KINDS = (Object.keys(RUN_KINDS) as RunKind[]).map((value) => ({
  value,
  label: RUN_KINDS[value].title,
}));

/** What answers as an agent, and what it may do. */
export function RunForm({ agent }: { agent: string }): ReactNode {
  const path = ['agents', agent, 'run'];
  const values = useDraft((state) => state.reading?.values);
  const run = useMemo(() => mergedAt(values ?? [], ['agents', agent, 'run']), [values, agent]);
  const problem = useDraft((state) =>
    problemWords(state.reading?.diagnostics.filter((each) => each.path.length === 3) ?? [], [
      'agents',
      agent,
      'run',
    ]),
  );
  const kind = runKindOf(run);
  return (
    <section aria-label="Run" className="flex flex-col gap-14">
      <div className="flex flex-wrap items-center gap-x-16 gap-y-6">
        <Segment
          label="What answers"
          value={kind}
          onChange={(next) => changeRunKind(agent, next)}
          options={KINDS}
        />
        <p className="min-w-200 flex-1 text-body text-2">{RUN_KINDS[kind].text}</p>
      </div>
      {problem !== undefined && <p className="text-small text-fail">{problem}</p>}
      <Kind kind={kind} path={path} run={run} />
      <RunLimits path={path} kind={kind} />
    </section>
  );
}

function Kind(props: { kind: RunKind; path: string[]; run: PlainValue }): ReactNode {
  const { kind, path, run } = props;
  switch (kind) {
    case 'command':
      return (
        <EntryFields>
          <Wide>
            <CommandLine path={[...path, 'command']} />
          </Wide>
          <Wide>
            <PairsField path={[...path, 'env']} label="Variables" one="variable" />
          </Wide>
        </EntryFields>
      );
    case 'acp':
      return <CodingAgent path={path} run={run} />;
    case 'model':
      return (
        <EntryFields>
          <ListField path={[...path, 'mcp']} label="MCP servers" placeholder="none" />
          <ListField path={[...path, 'tools']} label="Tools" placeholder="every tool of its servers" />
          <NumberField
            path={[...path, 'temperature']}
            label="Temperature"
            placeholder="as the model has it"
          />
          <NumberField
            path={[...path, 'max_tokens']}
            label="Longest answer"
            placeholder="as the model has it"
          />
          <Wide>
            <YamlField
              path={[...path, 'output', 'schema']}
              label="Schema of the answer"
              placeholder="type: object"
            />
          </Wide>
          {plainAt(run, ['input']) !== null && (
            <Wide>
              <YamlField
                path={[...path, 'input', 'schema']}
                label="Schema of the context"
                placeholder="type: object"
              />
            </Wide>
          )}
        </EntryFields>
      );
    default:
      return kind satisfies never;
  }
}

const OWN = 'own command';
const RUNTIMES = [
  ...acpRuntimes.map((each) => ({ value: each, label: each })),
  { value: OWN, label: 'Another one, by its command' },
];

function CodingAgent({ path, run }: { path: string[]; run: PlainValue }): ReactNode {
  const at = [...path, 'acp'];
  const isOwn = plainAt(run, ['acp', 'command']) !== null;
  return (
    <EntryFields>
      <ChoiceField
        path={at}
        label="Coding agent"
        options={RUNTIMES}
        {...(isOwn ? { shown: OWN } : {})}
        read={(chosen) => (chosen === OWN ? { command: ['my-agent', '--acp'] } : chosen)}
      />
      <TextField path={[...path, 'mode']} label="Mode" placeholder="its own" />
      {isOwn && (
        <Wide>
          <CommandLine path={[...at, 'command']} />
        </Wide>
      )}
      <ListField path={[...path, 'mcp']} label="MCP servers" placeholder="none" />
    </EntryFields>
  );
}

/** A program with its arguments. */
function CommandLine({ path }: { path: string[] }): ReactNode {
  return (
    <TextField
      path={path}
      label="Command"
      mono
      placeholder="node ./agents/counter.mjs"
      needed="Write the program and its arguments."
      read={partsOfLine}
      write={(value) => (Array.isArray(value) ? lineOfParts(value.map(String)) : String(value ?? ''))}
    />
  );
}
