import type { AuditEvent } from './event.ts';

/** An audit event as one line a person reads; what it does not know it names by its type. */
export function eventText(event: AuditEvent): string {
  const station = event.station_name ?? event.station_id ?? 'A station';
  const agent = event.agent ?? 'an agent';
  const by = event.by ?? station;
  const text = (key: string) => (typeof event.data[key] === 'string' ? event.data[key] : '');
  const number = (key: string) => (typeof event.data[key] === 'number' ? event.data[key] : '');
  const because = (key: string) => (text(key) === '' ? '' : `: ${text(key)}`);
  /** The witness says in its own name what it saw of another station. */
  const seen = text('station_name') || station;
  switch (event.type) {
    case 'work.assigned':
      return `${by} gave work to ${agent}`;
    case 'work.accepted':
      return `${station} started attempt ${number('attempt')}`;
    case 'work.escalated':
      return `${agent} needs a person`;
    case 'work.answered':
      return `${by} answered${because('answer')}`;
    case 'work.acknowledged':
      return `${by} has seen it`;
    case 'work.cancel_requested':
      return `${by} asked to cancel it${because('reason')}`;
    case 'work.completed':
      return `${agent} completed it in attempt ${number('attempt')}`;
    case 'work.failed':
      return `Attempt ${number('attempt')} failed`;
    case 'work.cancelled':
      return `Cancelled${because('reason')}`;
    case 'work.expired':
      return `Expired${because('reason')}`;
    case 'work.requeued':
      return `Back in the queue${because('reason')}`;
    case 'work.unplaceable':
      return `Cannot be placed${because('reason')}`;
    case 'station.joined':
      return `${station} joined with ${number('agent_count')} agents`;
    case 'station.left':
      return `${station} left`;
    case 'station.offline':
      return `${seen} is offline`;
    case 'station.events_dropped':
      return `${station} left out ${number('count')} events while the hub was away`;
    case 'agent.registered':
      return `${station} offers ${agent}`;
    case 'agent.changed':
      return `${station} offers a new definition of ${agent}`;
    case 'agent.deregistered':
      return `${station} no longer offers ${agent}`;
    case 'agent.invoked':
      return `${text('requested_by') || 'Somebody'} called ${agent} on ${station}`;
    case 'agent.run_refused':
      return `${station} refused to run ${agent} for ${text('requested_by')}${because('reason')}`;
    case 'agent.run_approved':
      return `The owner of ${station} allowed a run of ${agent} for ${text('requested_by')}`;
    case 'agent.run_denied':
      return `The owner of ${station} did not allow a run of ${agent} for ${text('requested_by')}`;
    case 'agent.quiet':
      return `${agent} on ${seen} says nothing`;
    case 'config.changed':
      return `${text('file') || 'lattice.yaml'} of ${station} changed${named(event.data.agents)}`;
    default:
      return event.type;
  }
}

/** The names in a list as the end of a sentence; a long list is cut. */
function named(list: unknown): string {
  const names = Array.isArray(list) ? list.filter((name) => typeof name === 'string') : [];
  if (names.length === 0) return '';
  const rest = names.length - 5;
  return `: ${names.slice(0, 5).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}
