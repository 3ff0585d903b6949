export const ofTenant = `select zone, federal_state as land from platform.tenant where id = platform.tenant()`;
