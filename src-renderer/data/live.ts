import { useEffect } from 'react';
import { useStore } from 'zustand';
import { useShallow } from 'zustand/react/shallow';
import type { StreamItem, StreamName, StreamParams } from '../../src-shared/ipc.ts';
import type { NodeView } from '../../src-shared/views/node.ts';
import type { Feed, LiveState } from './feed.ts';
import { frameBatch, nextFrame } from './frame-batch.ts';
import { LiveStores } from './live-stores.ts';

/** How long a stream is followed on after the last view that showed it, in milliseconds. */
const LINGER_MS = 1_000;

/** Parameters of a stream as arguments: none where the contract wants none. */
type ParamsArgument<N extends StreamName> =
  StreamParams<N> extends undefined ? [params?: undefined] : [params: StreamParams<N>];

let shared: LiveStores | undefined;

/** The feed of a stream of this window. */
export function feedOf<N extends StreamName>(name: N, ...[params]: ParamsArgument<N>): Feed<StreamItem<N>> {
  shared ??= new LiveStores({
    bridge: window.lattice,
    schedule: frameBatch(nextFrame),
    lingerMs: LINGER_MS,
  });
  return shared.feed(name, params as StreamParams<N>);
}

function useFeed<N extends StreamName>(name: N, ...params: ParamsArgument<N>): Feed<StreamItem<N>> {
  const feed = feedOf(name, ...params);
  useEffect(() => feed.hold(), [feed]);
  return feed;
}

/** Everything a stream shows now; renders again when anything in it changes. */
export function useLive<N extends StreamName>(
  name: N,
  ...params: ParamsArgument<N>
): LiveState<StreamItem<N>> {
  return useStore(useFeed(name, ...params).store);
}

/** A part of what a stream shows; renders again only when that part changes (compared one level deep). */
export function useLivePart<N extends StreamName, R>(
  name: N,
  part: (state: LiveState<StreamItem<N>>) => R,
  ...params: ParamsArgument<N>
): R {
  return useStore(useFeed(name, ...params).store, useShallow(part));
}

const lists = new WeakMap<ReadonlyMap<string, unknown>, readonly unknown[]>();

/** The items of a live state in the order they came; the same array for the same state. */
export function listOf<T>(items: ReadonlyMap<string, T>): readonly T[] {
  const known = lists.get(items);
  if (known !== undefined) return known as readonly T[];
  const list = [...items.values()];
  lists.set(items, list);
  return list;
}

/** This node, or undefined until main told it. */
export function useNode(): NodeView | undefined {
  return useLivePart('node.watch', (state) => state.items.get('node'));
}
