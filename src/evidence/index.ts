// The face of evidence: proofs of units. Rooms above hold the link between a proof and what it proves.
export { EvidenceModule } from './evidence.module.ts';
export { Evidence, type Proof } from './evidence.service.ts';
export { faultsOfEvidence, type EvidenceFault, type NewEvidence } from './evidence.rules.ts';
