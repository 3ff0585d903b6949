import canonicalize from 'canonicalize';
import { createHash } from 'node:crypto';

/** SHA-256 (hex) over the canonical JSON (RFC 8785) of a content: what a signature binds, and a later change breaks. */
export const digest = (content: unknown): string =>
  createHash('sha256').update(canonicalize(content)!).digest('hex');
