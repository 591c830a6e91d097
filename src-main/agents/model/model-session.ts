import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { type ModelMessage, stepCountIs, streamText } from 'ai';
import { Disposables } from '../../../src-shared/disposables.ts';
import { LatticeError } from '../../../src-shared/errors.ts';
import type { ModelGateway } from '../../gateway/model-gateway.ts';
import { type ActivityReporter, withoutSecrets } from '../activity-reporter.ts';
import { withVariables } from '../mcp-servers.ts';
import { openModelAccess } from '../model-access.ts';
import { openPromptedRun } from '../prompted-run.ts';
import { type RenderedPrompt, renderPrompt } from '../render-prompt.ts';
import type { ModelRun, RunControls, RunOutcome, RunRequest } from '../runner.ts';
import { agentEnvironment } from '../sandbox/environment.ts';
import { withoutNetwork } from '../sandbox/network.ts';
import { ModelAnswer } from './model-answer.ts';
import { ToolHost } from './tool-host.ts';
import { toolSet } from './tool-set.ts';

export interface ModelSessionOptions {
  request: RunRequest;
  run: ModelRun;
  controls: RunControls;
  gateway: ModelGateway;
  environment: NodeJS.ProcessEnv;
}

/** Asks a model until it is done or may not go on. @throws LatticeError when it cannot begin. */
export async function runModel(options: ModelSessionOptions): Promise<RunOutcome> {
  const { request, run, controls } = options;
  const { info } = request.agent;
  const end = new Disposables();
  const { hide, reporter, permissions, stop } = openPromptedRun(request, run, controls);
  const answer = new ModelAnswer({ agent: info.name, run, reporter });
  try {
    const prompt = await renderPrompt(run.prompt, request.task, request.context);
    const access = await openModelAccess(options.gateway, request, stop.signal, (call) => {
      answer.hearCall(call);
      reporter.add(call);
    });
    const { grant } = end.use(access);
    if (grant === undefined) throw noModel(info.name);
    hide.push(grant.key);
    const host = end.use(await openTools(options, reporter));
    const provider = createOpenAICompatible({
      name: 'lattice',
      baseURL: grant.openaiUrl,
      apiKey: grant.key,
      includeUsage: true,
    });
    const { system, messages } = toMessages(prompt);
    const result = streamText({
      model: provider(grant.model),
      messages,
      ...(system === '' ? {} : { system }),
      tools: toolSet({ run, host, permissions, reporter, signal: stop.signal }),
      stopWhen: stepCountIs(run.maxSteps),
      // The gateway knows better which model to try next.
      maxRetries: 0,
      abortSignal: stop.signal,
      ...(run.temperature === undefined ? {} : { temperature: run.temperature }),
      ...(run.maxTokens === undefined ? {} : { maxOutputTokens: run.maxTokens }),
      onError: () => undefined,
    });
    for await (const part of result.fullStream) {
      answer.hear(part);
      await reporter.room();
    }
    return withoutSecrets(answer.outcome(stop.disarm()), hide);
  } catch (error) {
    const why = stop.disarm();
    if (why === undefined) throw error;
    return answer.outcome(why);
  } finally {
    stop.disarm();
    await end[Symbol.asyncDispose]();
    await reporter.close();
  }
}

function noModel(agent: string): LatticeError {
  return new LatticeError('runner_unavailable', `${agent} has no model: nothing says which one to ask.`, {
    hint: 'Give it routing: or defaults.routing: in lattice.yaml, or model: in its .prompt file.',
  });
}

function toMessages({ system, messages }: RenderedPrompt): { system: string; messages: ModelMessage[] } {
  return { system, messages: messages.map(({ role, text }) => ({ role, content: text })) };
}

async function openTools(
  { run, environment: own }: ModelSessionOptions,
  reporter: ActivityReporter,
): Promise<ToolHost> {
  const servers = withVariables(run.mcp, own);
  let wrapper: readonly string[] = [];
  if (!run.limits.network && servers.some(({ start }) => start.kind === 'stdio')) {
    const without = await withoutNetwork();
    if (without === undefined)
      reporter.notice(
        'warning',
        'The network cannot be taken away on this machine, so it stays open for tools.',
      );
    wrapper = without ?? [];
  }
  const remote = servers.filter(({ start }) => start.kind === 'http').map(({ name }) => name);
  if (!run.limits.network && remote.length > 0)
    reporter.notice('warning', `The run has no network, so it goes on without ${remote.join(', ')}.`);
  if (servers.length > 0 && (run.limits.memoryMb ?? run.limits.processes) !== undefined)
    reporter.notice('warning', 'Limits of memory and processes are not held for servers of tools.');
  return ToolHost.open({
    servers: run.limits.network ? servers : servers.filter(({ start }) => start.kind === 'stdio'),
    cwd: run.root,
    env: agentEnvironment({ own, pass: run.passEnv, values: run.env }),
    wrapper,
    onProblem: (text) => reporter.notice('warning', text),
  });
}
