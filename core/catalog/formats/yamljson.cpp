// SPDX-License-Identifier: Apache-2.0
#include "core/catalog/formats/yamljson.h"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <QHash>
#include <QJsonArray>
#include <QJsonObject>
#include <QRegularExpression>

#include <sstream>
#include <string>
#include <vector>

namespace hublet::catalog {

namespace {

/// Never leaves this file: yaml-cpp's handlers have no other way to stop the parser.
struct Refusal {
    QString problem;
    int line = 0;
};

QJsonValue plainScalar(const QString& text)
{
    static const QRegularExpression null(QStringLiteral("\\A(?:null|Null|NULL|~|)\\z"));
    static const QRegularExpression yes(QStringLiteral("\\A(?:true|True|TRUE)\\z"));
    static const QRegularExpression no(QStringLiteral("\\A(?:false|False|FALSE)\\z"));
    static const QRegularExpression decimal(QStringLiteral("\\A[-+]?[0-9]+\\z"));
    static const QRegularExpression octal(QStringLiteral("\\A0o([0-7]+)\\z"));
    static const QRegularExpression hex(QStringLiteral("\\A0x([0-9a-fA-F]+)\\z"));
    static const QRegularExpression real(
        QStringLiteral("\\A[-+]?(?:\\.[0-9]+|[0-9]+(?:\\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?\\z"));
    if (null.match(text).hasMatch())
        return QJsonValue::Null;
    if (yes.match(text).hasMatch())
        return true;
    if (no.match(text).hasMatch())
        return false;
    bool fits = false;
    if (decimal.match(text).hasMatch()) {
        if (const qint64 value = text.toLongLong(&fits, 10); fits)
            return value;
    }
    for (const auto& [form, base] : {std::pair(&octal, 8), std::pair(&hex, 16)}) {
        if (const auto match = form->match(text); match.hasMatch()) {
            if (const qint64 value = match.captured(1).toLongLong(&fits, base); fits)
                return value;
        }
    }
    if (real.match(text).hasMatch()) {
        if (const double value = text.toDouble(&fits); fits)
            return value;
    }
    return text;
}

/// Puts the events of one document together.
class Builder : public YAML::EventHandler {
public:
    explicit Builder(const YamlJson::Bounds& bounds) : m_bounds(bounds) {}

    [[nodiscard]] QJsonValue result() const { return m_result; }

    void OnDocumentStart(const YAML::Mark&) override {}
    void OnDocumentEnd() override {}
    void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override
    {
        m_line = mark.line;
        finish({QJsonValue::Null, {}}, anchor);
    }
    void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override
    {
        m_line = mark.line;
        const auto known = m_anchors.constFind(anchor);
        if (known == m_anchors.constEnd())
            throw Refusal{QStringLiteral("An alias stands inside what it refers to"), m_line};
        finish(*known, 0);
    }
    void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  const std::string& value) override
    {
        m_line = mark.line;
        const QString text = QString::fromStdString(value);
        finish({tag == "?" ? plainScalar(text) : QJsonValue(text), {1, qint64(value.size())}}, anchor);
    }
    void OnSequenceStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                         YAML::EmitterStyle::value) override
    {
        open(mark.line, anchor, false);
    }
    void OnSequenceEnd() override { close(); }
    void OnMapStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                    YAML::EmitterStyle::value) override
    {
        open(mark.line, anchor, true);
    }
    void OnMapEnd() override { close(); }

private:
    /// What a value holds, itself included.
    struct Weight {
        qint64 values = 1;
        qint64 text = 0; ///< bytes
    };
    struct Value {
        QJsonValue json;
        Weight weight;
    };
    struct Level {
        bool isMap = false;
        YAML::anchor_t anchor = 0;
        Weight weight;
        QJsonArray items;
        QJsonObject members;
        QString name; ///< of the member whose value comes next
        bool hasName = false;
    };

    void open(int line, YAML::anchor_t anchor, bool isMap)
    {
        m_line = line;
        if (int(m_levels.size()) >= m_bounds.depth)
            throw Refusal{
                QStringLiteral("The metadata is nested more than %1 levels deep").arg(m_bounds.depth), line};
        Level& level = m_levels.emplace_back();
        level.isMap = isMap;
        level.anchor = anchor;
    }

    void close()
    {
        Level level = std::move(m_levels.back());
        m_levels.pop_back();
        Value value{level.isMap ? QJsonValue(level.members) : QJsonValue(level.items), level.weight};
        finish(std::move(value), level.anchor);
    }

    void finish(Value value, YAML::anchor_t anchor)
    {
        if (anchor != 0)
            m_anchors.insert(anchor, value);
        if (m_levels.empty()) {
            m_result = std::move(value.json);
            return;
        }
        Level& level = m_levels.back();
        level.weight.values += value.weight.values;
        level.weight.text += value.weight.text;
        if (level.weight.values > m_bounds.values)
            throw Refusal{QStringLiteral("The metadata holds more than %1 values").arg(m_bounds.values),
                          m_line};
        if (level.weight.text > m_bounds.text)
            throw Refusal{QStringLiteral("The metadata holds more than %1 bytes of text").arg(m_bounds.text),
                          m_line};
        if (!level.isMap)
            level.items.append(std::move(value.json));
        else if (level.hasName)
            addMember(level, std::move(value.json));
        else
            takeName(level, value.json);
    }

    void takeName(Level& level, const QJsonValue& json)
    {
        if (json.isArray() || json.isObject())
            throw Refusal{QStringLiteral("A list or mapping cannot be a name"), m_line};
        level.name = json.isNull() ? QString() : json.toVariant().toString();
        level.hasName = true;
        if (level.members.contains(level.name))
            throw Refusal{QStringLiteral("The name '%1' stands twice in one mapping").arg(level.name),
                          m_line};
    }

    void addMember(Level& level, QJsonValue json)
    {
        level.members.insert(level.name, std::move(json));
        level.hasName = false;
    }

    const YamlJson::Bounds m_bounds;
    int m_line = 0;
    std::vector<Level> m_levels;
    QHash<YAML::anchor_t, Value> m_anchors;
    QJsonValue m_result = QJsonValue::Null;
};

} // namespace

YamlJson YamlJson::parse(QByteArrayView yaml, const Bounds& bounds)
{
    YamlJson result;
    if (!yaml.isValidUtf8() || yaml.contains('\0')) {
        result.problem = QStringLiteral("The metadata is not UTF-8 text");
        return result;
    }
    try {
        std::istringstream stream(std::string(yaml.data(), std::size_t(yaml.size())));
        YAML::Parser parser(stream);
        Builder builder(bounds);
        if (parser.HandleNextDocument(builder))
            result.value = builder.result();
    } catch (const Refusal& refusal) {
        result.problem = refusal.problem;
        result.line = refusal.line;
    } catch (const YAML::Exception& exception) {
        result.problem = QString::fromStdString(exception.msg);
        result.line = std::max(0, exception.mark.line);
    } catch (const std::exception& exception) {
        result.problem = QString::fromLocal8Bit(exception.what());
    }
    return result;
}

} // namespace hublet::catalog
