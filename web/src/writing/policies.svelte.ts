/** The policies that a label can be chosen from: as the node says them, read again with each form. */
import type { LabelPolicyInfo } from '../api/types';
import { api } from '../session/session.svelte';

class LabelPolicies {
  list = $state.raw<readonly LabelPolicyInfo[]>([]);
  failed = $state(false);

  async read(): Promise<void> {
    try {
      this.list = await api.request<LabelPolicyInfo[]>('/markings/policies');
      this.failed = false;
    } catch {
      this.failed = true;
    }
  }
}

export const labelPolicies = new LabelPolicies();
