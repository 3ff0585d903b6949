import { expect, test } from '@jest/globals';
import { createServer, get, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { EventWriter } from './event-writer.ts';

const events = 40;
const event = `event: next\ndata: ${'x'.repeat(1024 * 1024)}\n\n`;

test('events are made as fast as they are read, never ahead of it', async () => {
  let made = 0;
  let raw: ServerResponse | undefined;
  const server = createServer((_, response) => {
    raw = response;
    const outlet = new EventWriter(response);
    async function* source() {
      for (; made < events; made += 1) {
        await outlet.taken();
        outlet.handedOver();
        yield event;
      }
    }
    void outlet.pour(source());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const reader = await new Promise<IncomingMessage>((resolve) => get({ port, agent: false }, resolve));
  reader.pause();

  // Until nothing moves any more: the sockets' own buffers are full, or all is made.
  for (let before = -1; before !== made;) {
    before = made;
    for (let i = 0; i < 2000; i += 1) await new Promise((resolve) => setImmediate(resolve));
  }
  expect(made).toBeLessThan(events);
  expect(raw!.writableLength).toBeLessThan(2 * event.length);

  let bytes = 0;
  for await (const chunk of reader) bytes += (chunk as Buffer).length;
  expect(bytes).toBe(events * event.length);
  await new Promise((resolve) => server.close(resolve));
});
