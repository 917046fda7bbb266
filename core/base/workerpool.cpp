// SPDX-License-Identifier: Apache-2.0
#include "core/base/workerpool.h"

namespace hublet {

WorkerPool::WorkerPool(int threads)
{
    m_pool.setMaxThreadCount(threads);
    m_pool.setExpiryTimeout(-1);
}

WorkerPool::~WorkerPool() { waitForDone(); }

void WorkerPool::post(std::function<void()> work) { m_pool.start(std::move(work)); }

void WorkerPool::waitForDone() { m_pool.waitForDone(); }

} // namespace hublet
