import { Args, Mutation, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import type {
  CommentOnReportInput,
  ReplyToCommentInput,
  SignReportInput,
  WriteReportInput,
} from '../../graphql.ts';
import { CurrentActor, Reads, type Actor } from '../../platform/index.ts';
import { OpeningAnswers } from '../opening/opening-answers.service.ts';
import type { OpeningProcess } from '../opening/opening-processes.service.ts';
import { ReportViews } from './report-views.service.ts';
import { Reports } from './reports.service.ts';

@Resolver('OpeningProcess')
export class ReportResolver {
  readonly #reports: Reports;
  readonly #views: ReportViews;
  readonly #answers: OpeningAnswers;
  readonly #reads: Reads;

  constructor(reports: Reports, views: ReportViews, answers: OpeningAnswers, reads: Reads) {
    this.#reports = reports;
    this.#views = views;
    this.#answers = answers;
    this.#reads = reads;
  }

  @ResolveField()
  async report(@Parent() opening: OpeningProcess, @CurrentActor() actor: Actor) {
    return this.#views.report(await this.#reads.db(actor), opening);
  }

  @Mutation()
  async writeReport(@Args('input') input: WriteReportInput, @CurrentActor() actor: Actor) {
    return this.#answers.of('WriteReportSuccess', actor, await this.#reports.write(actor, input));
  }

  @Mutation()
  async signReport(@Args('input') input: SignReportInput, @CurrentActor() actor: Actor) {
    return this.#answers.of('SignReportSuccess', actor, await this.#reports.sign(actor, input));
  }

  @Mutation()
  async commentOnReport(@Args('input') input: CommentOnReportInput, @CurrentActor() actor: Actor) {
    return this.#answers.of('CommentOnReportSuccess', actor, await this.#reports.comment(actor, input));
  }

  @Mutation()
  async replyToComment(@Args('input') input: ReplyToCommentInput, @CurrentActor() actor: Actor) {
    return this.#answers.of('ReplyToCommentSuccess', actor, await this.#reports.reply(actor, input));
  }
}
