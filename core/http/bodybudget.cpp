// SPDX-License-Identifier: Apache-2.0
#include "core/http/bodybudget.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace hublet::http {

BodyBudget::Claim::~Claim()
{
    m_budget.release(*this);
}

bool BodyBudget::Claim::isGranted() const
{
    const std::lock_guard lock(m_budget.m_mutex);
    return m_granted;
}

std::unique_ptr<BodyBudget::Claim> BodyBudget::claim(qint64 bytes, std::function<void()> granted)
{
    std::unique_ptr<Claim> claim(new Claim(*this, std::min(bytes, m_total), std::move(granted)));
    const std::lock_guard lock(m_mutex);
    // Not past those who wait, or many small bodies would keep a large one waiting for ever.
    const bool fits = m_line.empty() && claim->m_bytes <= m_total - m_taken;
    if (claim->m_bytes == 0 || fits) {
        m_taken += claim->m_bytes;
        claim->m_granted = true;
    } else {
        m_line.push_back(claim.get());
    }
    return claim;
}

void BodyBudget::release(Claim& claim)
{
    std::vector<std::function<void()>> granted;
    {
        const std::lock_guard lock(m_mutex);
        if (claim.m_granted)
            m_taken -= claim.m_bytes;
        else
            m_line.erase(std::find(m_line.begin(), m_line.end(), &claim));
        while (!m_line.empty() && m_line.front()->m_bytes <= m_total - m_taken) {
            Claim& next = *m_line.front();
            m_line.pop_front();
            m_taken += next.m_bytes;
            next.m_granted = true;
            granted.push_back(std::move(next.m_whenGranted));
        }
    }
    for (const std::function<void()>& tell : granted)
        tell();
}

} // namespace hublet::http
