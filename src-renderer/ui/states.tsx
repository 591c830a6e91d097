import { type ReactNode, useEffect, useState } from 'react';
import type { LatticeError } from '../../src-shared/errors.ts';
import { Icon, type IconType } from './icon.tsx';

interface PlateProps {
  icon: IconType;
  title: string;
  text: ReactNode;
  actions?: ReactNode;
  tone?: 'calm' | 'fail';
}

function Plate({ icon, title, text, actions, tone = 'calm' }: PlateProps): ReactNode {
  return (
    <div className="flex flex-1 flex-col items-center justify-center p-24 text-center">
      <Icon icon={icon} size={24} className={tone === 'fail' ? 'text-fail-fill' : 'text-3'} />
      <p className="mt-16 text-body font-semibold text-1">{title}</p>
      <div className="mt-4 max-w-360 text-body text-pretty text-2">{text}</div>
      {actions !== undefined && <div className="mt-16 flex flex-wrap justify-center gap-8">{actions}</div>}
    </div>
  );
}

/** What will be here, how it gets here, and one filled button. */
export function Empty(props: Omit<PlateProps, 'tone'>): ReactNode {
  return <Plate {...props} />;
}

/** What happened, what is safe and what to do; the code of the error is in the details. */
export function Failure(
  props: Omit<PlateProps, 'tone' | 'text'> & { text?: ReactNode; error?: LatticeError },
): ReactNode {
  const { error, text, ...rest } = props;
  const words = text ?? (
    <>
      {error?.message} {error?.hint}
    </>
  );
  return (
    <div role="alert" className="flex flex-1 flex-col">
      <Plate {...rest} text={words} tone="fail" />
    </div>
  );
}

const BARS = ['62%', '48%', '70%', '40%', '56%', '66%', '44%', '58%', '38%', '64%', '52%', '46%'];

/** Nothing for 150 ms, then still bars in the shape of rows. */
export function Loading({ rows = 6, label = 'Loading' }: { rows?: number; label?: string }): ReactNode {
  const [shown, setShown] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setShown(true), 150);
    return () => clearTimeout(timer);
  }, []);
  return (
    <div role="status" aria-label={label} className="flex flex-1 flex-col">
      {shown &&
        BARS.slice(0, rows).map((width) => (
          <div key={width} className="flex h-row items-center gap-10 border-b border-hairline px-20">
            <span className="size-14 rounded-full bg-track" />
            <span className="h-8 rounded-full bg-track" style={{ width }} />
            <span className="ml-auto h-8 w-40 rounded-full bg-track" />
          </div>
        ))}
    </div>
  );
}
