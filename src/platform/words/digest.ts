import { hash } from 'node:crypto';
import { canonical } from './canonical.ts';

/** SHA-256 (hex) over the canonical JSON (RFC 8785) of a content: what a signature binds, and a later change breaks. */
export const digest = (content: unknown): string => hash('sha256', canonical(content));
