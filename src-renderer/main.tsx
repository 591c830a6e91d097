import { useEffect, useState } from 'react';
import { createRoot } from 'react-dom/client';
import type { LatticeBridge, StreamMessage } from '../src-shared/ipc.ts';

declare global {
  interface Window {
    readonly lattice: LatticeBridge;
  }
}

function follow(show: (message: StreamMessage<unknown>) => void): () => void {
  let seq: number | undefined;
  let end = () => {};
  const start = () => {
    end = window.lattice.subscribe('node.watch', undefined, (message) => {
      if (message.kind === 'error') return;
      if (message.kind === 'delta' && message.seq !== (seq ?? Number.NaN) + 1) {
        end();
        start();
        return;
      }
      seq = message.seq;
      show(message);
    });
  };
  start();
  return () => end();
}

function Bridge() {
  const [shown, setShown] = useState<StreamMessage<unknown>>();
  useEffect(() => follow(setShown), []);
  return <pre style={{ color: 'rgb(1, 2, 3)' }}>{JSON.stringify(shown)}</pre>;
}

const root = document.getElementById('root');
if (root) createRoot(root).render(<Bridge />);
