import { defineEntity, p } from '@mikro-orm/core';
import { baseColumns } from '../platform/index.ts';

// Persons come as a set, from the register; an account is opened for one person at their first sign-in.
const AccountRowSchema = defineEntity({
  name: 'AccountRow',
  schema: 'identity',
  tableName: 'account',
  properties: { ...baseColumns, personId: p.uuid(), issuer: p.text(), subject: p.text() },
});
export class AccountRow extends AccountRowSchema.class {}
AccountRowSchema.setClass(AccountRow);

export const identityEntities = [AccountRow];
