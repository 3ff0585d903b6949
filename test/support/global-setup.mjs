// Jest neither transforms nor maps modules here; Node itself runs what is imported.
import { openCluster } from './cluster.ts';

export default async function setUp() {
  const { cluster, close } = await openCluster();
  process.env.OFFENES_AMT_TEST_CLUSTER = JSON.stringify(cluster);
  process.env.OFFENES_AMT_TEST_RUN = String(process.pid);
  globalThis.closeTestCluster = close;
}
