import { present } from '../../src-shared/present.ts';
import type { NatsAuth, NatsTls } from '../../src-shared/protocol/auth.ts';
import type { StationConfig } from './setting-table.ts';

/** How the settings say to prove who we are to a hub; what is not set is absent. */
export function natsAuthOf(config: StationConfig): NatsAuth {
  return present({
    credsFile: config.nats_creds_file,
    nkeyFile: config.nats_nkey_file,
    nkeySeed: config.nats_nkey_seed,
    token: config.nats_token,
    user: config.nats_user,
    password: config.nats_password,
  });
}

/** The TLS files of the settings; what is not set is absent. */
export function natsTlsOf(config: StationConfig): NatsTls {
  return present({
    caFile: config.nats_tls_ca_file,
    certFile: config.nats_tls_cert_file,
    keyFile: config.nats_tls_key_file,
  });
}
