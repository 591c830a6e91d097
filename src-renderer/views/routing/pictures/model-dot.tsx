import type { ReactNode } from 'react';
import { shortModel } from '../../../../src-shared/routing-editor/model-words.ts';
import { cx } from '../../../ui/cx.ts';
import { hueOf } from '../state/model-hues.ts';

/** The square of a model's hue; its name always stands beside it. */
export function ModelDot({ model, size = 9 }: { model: string; size?: 8 | 9 | 12 }): ReactNode {
  const side = { 8: 'size-8', 9: 'size-9', 12: 'size-12' }[size];
  return (
    <span
      aria-hidden
      className={cx('shrink-0 rounded-bar', side)}
      style={{ backgroundColor: hueOf(model) }}
    />
  );
}

/** A model with its hue and short name; the whole name is its tooltip. */
export function ModelName({ model, strong }: { model: string; strong?: boolean }): ReactNode {
  return (
    <span className="inline-flex min-w-0 items-center gap-8" title={model}>
      <ModelDot model={model} />
      <span className={cx('truncate', strong === true && 'font-semibold text-1')}>{shortModel(model)}</span>
    </span>
  );
}
