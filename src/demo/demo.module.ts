import { Module } from '@nestjs/common';
import { IdentityModule } from '../identity/index.ts';
import { ExplorerDoor } from './explorer/explorer-door.service.ts';
import { DemoDoor } from './sign-in/demo-door.service.ts';
import { DemoSignIn } from './sign-in/demo-sign-in.service.ts';

@Module({
  imports: [IdentityModule],
  providers: [DemoSignIn, DemoDoor, ExplorerDoor],
  exports: [DemoSignIn],
})
export class DemoModule {}
