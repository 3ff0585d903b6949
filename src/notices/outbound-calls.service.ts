import { lookup as resolve, type LookupAddress, type LookupOptions } from 'node:dns';
import { request as requestHttp, type RequestOptions } from 'node:http';
import { request as requestHttps } from 'node:https';
import { BlockList, isIP } from 'node:net';
import { Injectable } from '@nestjs/common';
import { DeliveryFault } from './fault.rules.ts';

/**
 * A call to another system whose address an administrator chose. The address that its name resolves to is checked and
 * then connected to, so that it cannot change in between. No redirect is followed; time and answer are bounded.
 */
export interface Call {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Hosts of the operator's own network that may be called. */
  readonly allowed: readonly string[];
}

const patienceMs = 5_000;
const mostBytes = 64 * 1024;

// Source: IANA special-purpose address registries (RFC 6890), and the ways to write IPv4 within IPv6; mapped
// addresses (::ffff:0:0/96) are checked as the IPv4 they stand for.
const internal = new BlockList();
for (const [network, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
] as const)
  internal.addSubnet(network, prefix, 'ipv4');
for (const [network, prefix] of [
  ['::', 96],
  ['64:ff9b::', 32],
  ['100::', 64],
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['fc00::', 7],
  ['fe80::', 9],
  ['ff00::', 8],
] as const)
  internal.addSubnet(network, prefix, 'ipv6');

/** Whether an address lies in the open internet. */
export const isPublic = (address: string): boolean =>
  isIP(address) !== 0 && !internal.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');

const bare = (hostname: string): string => hostname.replace(/^\[|\]$/g, '');
const isAllowed = ({ url, allowed }: Call): boolean => allowed.includes(bare(url.hostname).toLowerCase());

type Found = (
  error: NodeJS.ErrnoException | null,
  address: string | LookupAddress[],
  family?: number,
) => void;

function publicOnly(hostname: string, options: LookupOptions, found: Found): void {
  resolve(hostname, { ...options, all: true }, (error, addresses) => {
    if (error) return found(error, []);
    if (addresses.length === 0 || !addresses.every(({ address }) => isPublic(address)))
      return found(new DeliveryFault('NOT_PUBLIC', true) as NodeJS.ErrnoException, []);
    if (options.all) return found(null, addresses);
    found(null, addresses[0]!.address, addresses[0]!.family);
  });
}

/** Calls other systems. */
@Injectable()
export class OutboundCalls {
  /**
   * Posts, and returns the status of the answer.
   * @throws DeliveryFault when no answer comes or the address is not allowed.
   */
  post(call: Call): Promise<number> {
    const { url, headers, body } = call;
    const host = bare(url.hostname);
    if (isIP(host) && !isPublic(host) && !isAllowed(call))
      return Promise.reject(new DeliveryFault('NOT_PUBLIC', true));
    const options: RequestOptions = {
      method: 'POST',
      headers: { ...headers, 'content-length': Buffer.byteLength(body) },
      agent: false,
      signal: AbortSignal.timeout(patienceMs),
      ...(!isAllowed(call) && { lookup: publicOnly }),
    };
    return new Promise((answered, failed) => {
      const request = (url.protocol === 'https:' ? requestHttps : requestHttp)(url, options, (response) => {
        let bytes = 0;
        response.on('data', (chunk: Buffer) => {
          bytes += chunk.length;
          if (bytes > mostBytes) response.destroy();
        });
        response.on('error', () => {}); // the status is known; what else was to come does not matter
        response.on('close', () => answered(response.statusCode ?? 0));
      });
      request.on('error', (error) => failed(faultOf(error)));
      request.end(body);
    });
  }
}

function faultOf(error: Error): DeliveryFault {
  if (error instanceof DeliveryFault) return error;
  return new DeliveryFault(
    error.name === 'AbortError' || error.name === 'TimeoutError' ? 'TIMEOUT' : 'UNREACHABLE',
  );
}
