import { type Diagnostic as LintDiagnostic, setDiagnostics } from '@codemirror/lint';
import { type Extension, RangeSetBuilder, StateEffect, StateField, type Text } from '@codemirror/state';
import { Decoration, type DecorationSet, EditorView, WidgetType } from '@codemirror/view';
import type { DraftProblem } from '../../../../src-shared/routing-editor/draft-reading.ts';

/** More boxes than this hide the text they are about. */
const MOST_BOXES = 12;

const setBoxes = StateEffect.define<DecorationSet>({ map: (boxes, changes) => boxes.map(changes) });

const boxes = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(value, transaction) {
    let next = value.map(transaction.changes);
    for (const effect of transaction.effects) if (effect.is(setBoxes)) next = effect.value;
    return next;
  },
  provide: (field) => EditorView.decorations.from(field),
});

class ProblemBox extends WidgetType {
  readonly #problem: DraftProblem;
  readonly #onOther: (problem: DraftProblem) => void;

  constructor(problem: DraftProblem, onOther: (problem: DraftProblem) => void) {
    super();
    this.#problem = problem;
    this.#onOther = onOther;
  }

  override eq(other: ProblemBox): boolean {
    return other.#problem.message === this.#problem.message && other.#problem.line === this.#problem.line;
  }

  override toDOM(): HTMLElement {
    const { severity, message, suggestion, other } = this.#problem;
    const box = document.createElement('div');
    box.className = `cm-problem cm-problem-${severity}`;
    box.setAttribute('role', 'note');
    const mark = document.createElement('span');
    mark.className = 'cm-problem-mark';
    mark.textContent = severity === 'error' ? 'Error' : 'Warning';
    const words = document.createElement('span');
    words.className = 'cm-problem-words';
    words.textContent = suggestion === undefined ? message : `${message} ${suggestion}`;
    box.append(mark, words);
    if (other !== undefined) {
      const button = document.createElement('button');
      button.type = 'button';
      button.textContent = other.label;
      button.addEventListener('click', () => this.#onOther(this.#problem));
      box.append(button);
    }
    return box;
  }

  override ignoreEvent(): boolean {
    return true;
  }
}

/** Shows problems as underlines, and each as a box below its line. */
export function showProblems(
  view: EditorView,
  problems: readonly DraftProblem[],
  onOther: (problem: DraftProblem) => void,
): void {
  const { doc } = view.state;
  const marks: LintDiagnostic[] = problems.map((problem) => ({
    ...rangeOf(doc, problem),
    severity: problem.severity,
    message: problem.suggestion === undefined ? problem.message : `${problem.message} ${problem.suggestion}`,
  }));
  const builder = new RangeSetBuilder<Decoration>();
  const below = problems
    .slice(0, MOST_BOXES)
    .map((problem) => ({ problem, at: doc.line(Math.min(problem.line, doc.lines)).to }))
    .sort((a, b) => a.at - b.at);
  for (const { problem, at } of below) {
    const widget = new ProblemBox(problem, onOther);
    builder.add(at, at, Decoration.widget({ widget, block: true, side: 1 }));
  }
  view.dispatch(setDiagnostics(view.state, marks), { effects: setBoxes.of(builder.finish()) });
}

function rangeOf(doc: Text, problem: DraftProblem): { from: number; to: number } {
  const at = (line: number, column: number) => {
    const { from, to } = doc.line(Math.min(Math.max(1, line), doc.lines));
    return Math.min(from + column - 1, to);
  };
  const from = at(problem.line, problem.column);
  return { from, to: Math.max(from, at(problem.endLine, problem.endColumn)) };
}

/** The place of the boxes in an editor. */
export const problemBoxes: Extension = boxes;
