import { Check, Copy } from 'lucide-react';
import { type ReactNode, useEffect, useState } from 'react';
import { call } from '../data/queries.ts';
import { IconButton } from './icon-button.tsx';

const SHOWN_MS = 1_500;

export interface CopyButtonProps {
  /** What is copied, or how to make it when that is much. */
  text: string | (() => string);
  label: string;
  size?: 20 | 24 | 28;
}

/** Copies a text and says so for a moment. */
export function CopyButton(props: CopyButtonProps): ReactNode {
  const { text, label, size = 20 } = props;
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [copied]);
  return (
    <IconButton
      icon={copied ? Check : Copy}
      label={copied ? 'Copied' : label}
      size={size}
      onClick={(event) => {
        event.stopPropagation();
        const whole = typeof text === 'string' ? text : text();
        void call('app.copy', { text: whole }).then(() => setCopied(true));
      }}
    />
  );
}
