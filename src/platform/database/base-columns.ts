import { p, type EntityManager } from '@mikro-orm/core';
import { v7 } from 'uuid';

/** A new id: UUIDv7, so that keys grow with time and indexes stay dense. */
export const newId = (): string => v7();

const tenantOf = (em: EntityManager) => em.getSessionContext()?.variables?.['app.tenant'] as string;

/** The columns every entity shares: spread them into `properties`. Relations use `id` alone; the wall is in SQL. */
export const baseColumns = {
  id: p.uuid().primary().onCreate(newId),
  tenantId: p
    .uuid()
    .hidden()
    .onCreate((_entity: unknown, em: EntityManager) => tenantOf(em)),
};
