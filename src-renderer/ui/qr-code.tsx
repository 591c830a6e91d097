import { type ReactNode, useMemo } from 'react';
import { qrModules, qrPath } from '../../src-shared/qr-code.ts';

/** A text as a QR code, dark on white in both themes since cameras want it so; `label` says what it holds. */
export function QrCode(props: { text: string; label: string; size?: number }): ReactNode {
  const { text, label, size = 196 } = props;
  const modules = useMemo(() => qrModules(text), [text]);
  return (
    <svg
      role="img"
      aria-label={label}
      width={size}
      height={size}
      viewBox={`0 0 ${modules.length} ${modules.length}`}
      shapeRendering="crispEdges"
      className="shrink-0 rounded-control border border-border bg-code-light text-code-dark"
    >
      <path fill="currentColor" d={qrPath(modules)} />
    </svg>
  );
}
