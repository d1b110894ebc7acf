using Candor.Program.Common;
using Candor.Program.Config;
using Pulumi;
using Pulumi.Aws.Sns;

namespace Candor.Program.Alarms;

/// <summary>
/// Where alarms go: every one to the first topic, for the record; the composite ones to the second, which pages.
/// </summary>
public sealed class AlarmTopics : StackComponent
{
    /// <summary>Uses the configured topics, and makes those that are not configured.</summary>
    public AlarmTopics(WatchingConfig watching, ProviderResource aws)
        : base("alarms:Topics", "alarm-topics", null)
    {
        ArgumentNullException.ThrowIfNull(watching);
        var scope = new Scope(aws, this);
        var key = watching is { AlarmTopicArn: not null, PageTopicArn: not null } ? null : AlarmKey.Make(scope);
        Every = watching.AlarmTopicArn ?? Make("alarms", "Every alarm");
        Page = watching.PageTopicArn ?? Make("page", "Pages");
        if (watching.PageEmail is { } email)
        {
            _ = new TopicSubscription("page-email", new() { Topic = Page, Protocol = "email", Endpoint = email }, scope.Options());
        }

        RegisterOutputs();

        Input<string> Make(string name, string title) =>
            new Topic(name, new() { DisplayName = title, KmsMasterKeyId = key!.Id }, scope.Options()).Arn;
    }

    /// <summary>The topic of every alarm.</summary>
    public Input<string> Every { get; }

    /// <summary>The topic that pages.</summary>
    public Input<string> Page { get; }
}
