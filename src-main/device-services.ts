import { fingerprintWords } from '../src-shared/fingerprint-words.ts';
import type { CallOutput } from '../src-shared/ipc.ts';
import { type JoinLink, readJoinLink } from '../src-shared/join-link.ts';
import { LiveValue } from '../src-shared/live.ts';
import type { JoinState } from '../src-shared/views/device.ts';
import type { CallHandlers, StreamSources } from './app-services.ts';
import type { LatticeNode } from './lattice-node.ts';

type DeviceCall = Extract<keyof CallHandlers, `devices.${string}` | `join.${string}` | `access.${string}`>;
type DeviceStream = Extract<keyof StreamSources, `devices.${string}` | `join.${string}`>;

const RESTING: JoinState = { id: 'join', state: 'idle' };

/** The window's calls and streams about who may be on a lattice. */
export function deviceServices(node: LatticeNode): {
  calls: Pick<CallHandlers, DeviceCall>;
  streams: Pick<StreamSources, DeviceStream>;
} {
  let waiting = new AbortController();
  const joining = new LiveValue<JoinState>(RESTING);
  const enter = async (link: string) => {
    waiting.abort();
    const mine = new AbortController();
    waiting = mine;
    const show = (state: JoinState) => {
      if (waiting === mine) joining.set(state);
    };
    show({ id: 'join', state: 'asking' });
    const fingerprint = await node.joining.keyWords();
    try {
      await node.joinLink(link, {
        signal: mine.signal,
        onWaiting: () => show({ id: 'join', state: 'waiting', fingerprint }),
      });
    } finally {
      show(RESTING);
    }
  };
  return {
    calls: {
      'devices.list': () => node.place.devices.list(),
      'devices.invite': async (options) => {
        const { link = '' } = await node.place.devices.manage({ op: 'invite', options });
        return madeLink(link);
      },
      'devices.manage': async (request) => {
        await node.place.devices.manage(request);
      },
      'join.read': ({ link }) => offerOf(readJoinLink(link)),
      'join.enter': ({ link }) => enter(link),
      'join.cancel': () => waiting.abort(),
      'access.own': async () => {
        const [own, fingerprint] = await Promise.all([node.place.view(), node.joining.keyWords()]);
        if (!own) return { fingerprint };
        const { pin, ...access } = own;
        return { access: { ...access, hub_fingerprint: wordsOf(pin) }, fingerprint };
      },
      'access.rejoin': () => node.rejoin(),
      'access.giveBack': async () => {
        await node.place.giveBack();
        await node.leave();
      },
      'access.forget': async () => {
        await node.leave();
        await node.joining.forget();
      },
      'access.rotateKey': () => node.place.rotateKey(),
    },
    streams: {
      'devices.waiting': () => node.waiting,
      'join.watch': () => joining,
    },
  };
}

/** A new link with what it does, as the window shows it. @throws LatticeError `invalid_input` for what is no link. */
export function madeLink(link: string): CallOutput<'devices.invite'> {
  return { link, offer: offerOf(readJoinLink(link)) };
}

function offerOf({ lattice, role, hosts, pin, expires }: JoinLink) {
  return { lattice, role, hosts, fingerprint: wordsOf(pin), expires };
}

function wordsOf(pin: string): string {
  return fingerprintWords(Buffer.from(pin, 'base64url'));
}
