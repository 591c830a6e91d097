import http from 'node:http';
import https from 'node:https';
import tls from 'node:tls';
import { SourceError } from './sources.mjs';

const mostRedirects = 5;

/**
 * Asks for a URL, follows redirects and goes through `HTTPS_PROXY` or `HTTP_PROXY` where one is set.
 * @param {string} address
 * @param {{timeoutMs: number, env: NodeJS.ProcessEnv}} options `timeoutMs` is the time until the headers of each answer.
 * @returns {Promise<http.IncomingMessage>} an answer with status 200
 * @throws {SourceError}
 */
export async function openUrl(address, { timeoutMs, env }) {
  let url = new URL(address);
  for (let redirects = 0; redirects <= mostRedirects; redirects += 1) {
    const answer = await ask(url, timeoutMs, env);
    const status = answer.statusCode ?? 0;
    if (status === 200) return answer;
    answer.resume();
    const next = answer.headers.location;
    if (status < 300 || status >= 400 || !next) throw new SourceError(`${url} answered ${status}.`);
    const target = new URL(next, url);
    if (url.protocol === 'https:' && target.protocol !== 'https:') {
      throw new SourceError(`${url} leads to ${target.origin}, which is not encrypted.`);
    }
    url = target;
  }
  throw new SourceError(`${address} leads from one address to the next without an end.`);
}

/**
 * @param {URL} url
 * @param {number} timeoutMs
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<http.IncomingMessage>}
 */
function ask(url, timeoutMs, env) {
  return new Promise((resolve, reject) => {
    const stop = new AbortController();
    const timer = setTimeout(() => {
      reject(new SourceError(`${url.host} did not answer within ${timeoutMs / 1000} s.`));
      stop.abort();
    }, timeoutMs);
    /** @param {Error} error */
    const fail = (error) => {
      clearTimeout(timer);
      reject(new SourceError(`${url.host} cannot be reached (${reason(error)}).`, { cause: error }));
    };
    /** @param {http.IncomingMessage} answer */
    const succeed = (answer) => {
      clearTimeout(timer);
      resolve(answer);
    };
    const proxy = proxyFor(url, env);
    if (proxy && url.protocol === 'https:') {
      tunnel(proxy, url, stop.signal).then((socket) => {
        const options = { signal: stop.signal, createConnection: () => socket, agent: false };
        https.get(url, options, succeed).on('error', fail);
      }, fail);
      return;
    }
    const request = proxy
      ? http.get({
          host: proxy.hostname,
          port: proxy.port,
          path: url.href,
          headers: { host: url.host },
          agent: false,
        })
      : (url.protocol === 'https:' ? https : http).get(url, { signal: stop.signal, agent: false });
    request.on('response', succeed).on('error', fail);
  });
}

/**
 * @param {URL} proxy
 * @param {URL} url
 * @param {AbortSignal} signal
 * @returns {Promise<tls.TLSSocket>}
 */
function tunnel(proxy, url, signal) {
  return new Promise((resolve, reject) => {
    const to = `${url.hostname}:${url.port || 443}`;
    /** @type {http.OutgoingHttpHeaders} */
    const headers = { host: to };
    if (proxy.username) {
      const login = `${decodeURIComponent(proxy.username)}:${decodeURIComponent(proxy.password)}`;
      headers['proxy-authorization'] = `Basic ${Buffer.from(login).toString('base64')}`;
    }
    http
      .request({
        host: proxy.hostname,
        port: proxy.port || 80,
        method: 'CONNECT',
        path: to,
        headers,
        agent: false,
        signal,
      })
      .on('connect', (answer, socket) => {
        if (answer.statusCode === 200) resolve(tls.connect({ socket, servername: url.hostname }));
        else reject(new Error(`the proxy ${proxy.host} answered ${answer.statusCode}`));
      })
      .on('error', reject)
      .end();
  });
}

/**
 * The proxy for a URL by the usual environment, none for loopback and for what `NO_PROXY` names.
 * @param {URL} url
 * @param {NodeJS.ProcessEnv} env
 * @returns {URL | undefined}
 */
export function proxyFor(url, env) {
  const secure = url.protocol === 'https:';
  const value = secure ? (env.HTTPS_PROXY ?? env.https_proxy) : (env.HTTP_PROXY ?? env.http_proxy);
  if (!value) return undefined;
  if (['localhost', '127.0.0.1', '[::1]'].includes(url.hostname)) return undefined;
  const excepted = (env.NO_PROXY ?? env.no_proxy ?? '')
    .split(',')
    .map((entry) => entry.trim().replace(/^\*?\./, ''));
  const skip = excepted.some(
    (entry) => entry === '*' || (entry && (url.hostname === entry || url.hostname.endsWith(`.${entry}`))),
  );
  return skip ? undefined : new URL(value.includes('://') ? value : `http://${value}`);
}

/** @param {Error} error */
function reason(error) {
  const code = 'code' in error ? String(error.code) : '';
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'the name is unknown';
  if (code === 'ECONNREFUSED') return 'it refuses the connection';
  return code || error.message;
}
