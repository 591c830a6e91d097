import { z } from 'zod';

/** The ways to prove who we are to a NATS server, in the order they win: credentials file, NKey file, NKey seed, token, user. */
export const natsAuthSchema = z.object({
  credsFile: z.string().optional(),
  nkeyFile: z.string().optional(),
  nkeySeed: z.string().optional(),
  /** A user JWT; its seed is `nkeySeed`. */
  userJwt: z.string().optional(),
  token: z.string().optional(),
  user: z.string().optional(),
  password: z.string().optional(),
});
export type NatsAuth = z.infer<typeof natsAuthSchema>;

/** TLS towards a NATS server; every value but the name is a file path. */
export const natsTlsSchema = z.object({
  /** The name that the certificate has to hold, when it is another than that of the address. */
  serverName: z.string().optional(),
  caFile: z.string().optional(),
  certFile: z.string().optional(),
  keyFile: z.string().optional(),
  /** The handshake comes before the first word of the server (`handshake_first` of nats-server). */
  first: z.boolean().optional(),
});
export type NatsTls = z.infer<typeof natsTlsSchema>;
