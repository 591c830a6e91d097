import { allAvailable } from '../../../src-shared/routing/availability.ts';
import { decide } from '../../../src-shared/routing/decide.ts';
import { planRouting } from '../../../src-shared/routing/plan.ts';
import { initialState } from '../../../src-shared/routing/state.ts';
import { StateStore } from '../state-store.ts';

/** Routes calls of the agent `coder` by a pattern and prints the model of each when it is on the disk. */
const [file = '', models = '', count = '0'] = process.argv.slice(2);
const plan = planRouting({ strategy: 'pattern', pattern: models.split(',') });
const store = new StateStore({
  file,
  onProblem: (problem) => {
    throw problem;
  },
});

for (let call = 0; call < Number(count); call++) {
  const model = await store.update((state) => {
    const before = state.routing_state.coder ?? initialState('pattern');
    const decision = decide(plan, before, allAvailable, Math.random);
    return {
      state: { ...state, routing_state: { ...state.routing_state, coder: decision.state } },
      result: decision.outcome === 'chosen' ? decision.model : decision.outcome,
    };
  });
  process.stdout.write(`${model}\n`);
}
