import { Injectable } from '@nestjs/common';
import { EngineRegistry } from '../engine/index.ts';
import { Targets } from './targets.service.ts';

/** What steps of the target agreement do beside moving. */
@Injectable()
export class PlanningEffects {
  constructor(registry: EngineRegistry, targets: Targets) {
    registry.registerEffects({
      submitTargets: { apply: (tx, process) => targets.submit(tx, process) },
      reopenTargets: { apply: (tx, process, _params, step) => targets.reopen(tx, process, step) },
      approveTargets: { apply: (tx, process) => targets.approve(tx, process) },
    });
  }
}
