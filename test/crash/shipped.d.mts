export function handOn(): readonly string[];
