import { Module } from '@nestjs/common';
import { GraphqlModule } from './graphql.ts';
import { StreamDoor } from './stream-door.service.ts';

/** GraphQL, asked by POST and subscribed to as a stream. Tools and the tests of a room's services do without it. */
@Module({ imports: [GraphqlModule], providers: [StreamDoor] })
export class DoorModule {}
