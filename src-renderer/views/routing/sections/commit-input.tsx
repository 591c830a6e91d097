import { type ReactNode, useEffect, useRef, useState } from 'react';
import { Input } from '../../../ui/input.tsx';

/**
 * An input that hands its text on when it is left or Enter is pressed; Escape goes back to what was there. A text that is
 * not taken stays in it.
 */
export function CommitInput(props: {
  value: string;
  onCommit(text: string): void;
  onTyped?(text: string): void;
  onFocus?(): void;
  /** It was left: with the keyboard by Enter or Escape, or because the focus went elsewhere. */
  onLeave?(by: 'keys' | 'focus'): void;
  /** Its name for a screen reader when no Field names it. */
  label?: string;
  invalid?: boolean;
  mono?: boolean;
  placeholder?: string | undefined;
  autoFocus?: boolean;
}): ReactNode {
  const { value, onCommit, onTyped, onFocus, onLeave, label, invalid, mono = false, placeholder } = props;
  const [text, setText] = useState(value);
  const sent = useRef(value);
  useEffect(() => {
    sent.current = value;
    setText(value);
  }, [value]);
  const commit = () => {
    const wanted = text.trim();
    if (wanted === sent.current) return;
    sent.current = wanted;
    onCommit(wanted);
  };
  return (
    <Input
      mono={mono}
      value={text}
      placeholder={placeholder}
      autoFocus={props.autoFocus === true}
      {...(label === undefined ? {} : { 'aria-label': label })}
      {...(invalid === true ? { 'aria-invalid': true } : {})}
      onFocus={onFocus}
      onValueChange={(next) => {
        setText(next);
        onTyped?.(next.trim());
      }}
      onBlur={() => {
        commit();
        onLeave?.('focus');
      }}
      onKeyDown={(event) => {
        if (event.key === 'Enter') {
          commit();
          onLeave?.('keys');
        }
        if (event.key !== 'Escape') return;
        event.stopPropagation();
        setText(value);
        sent.current = value;
        onTyped?.(value);
        onLeave?.('keys');
      }}
    />
  );
}
