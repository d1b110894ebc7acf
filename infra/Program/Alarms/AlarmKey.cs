using System.Text.Json.Nodes;
using Candor.Program.Common;
using Pulumi;
using Pulumi.Aws;
using Pulumi.Aws.Kms;

namespace Candor.Program.Alarms;

/// <summary>
/// The key of the alarm topics. Not <c>alias/aws/sns</c>: the policy of that key does not let CloudWatch publish
/// (<see href="https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Notify_Users_Alarm_Changes.html">AWS documentation</see>).
/// </summary>
internal static class AlarmKey
{
    private const int DeletionDays = 7;

    /// <summary>AWS always says which account it is; mocks need not.</summary>
    private const string UnknownAccount = "000000000000";

    public static Key Make(Scope scope) => new(
        "alarms",
        new()
        {
            Description = "Encrypts the alarm topics of the stack",
            EnableKeyRotation = true,
            DeletionWindowInDays = DeletionDays,
            Policy = GetCallerIdentity.Invoke(null, new InvokeOptions { Provider = scope.Provider })
                .Apply(identity => Policy(identity.AccountId ?? UnknownAccount, PartitionOf(identity.Arn))),
        },
        scope.Options());

    // arn:aws:sts::123456789012:assumed-role/…, or aws-cn, aws-us-gov.
    private static string PartitionOf(string? arn) => arn?.Split(':') is { Length: > 1 } parts && parts[1].Length > 0 ? parts[1] : "aws";

    private static string Policy(string account, string partition) => new JsonObject
    {
        ["Version"] = "2012-10-17",
        ["Statement"] = new JsonArray(
            Statement("The account decides by IAM", new JsonObject { ["AWS"] = $"arn:{partition}:iam::{account}:root" }, null, "kms:*"),
            Statement(
                "Alarms publish",
                new JsonObject { ["Service"] = "cloudwatch.amazonaws.com" },
                new JsonObject { ["StringEquals"] = new JsonObject { ["aws:SourceAccount"] = account } },
                "kms:Decrypt",
                "kms:GenerateDataKey*")),
    }.ToJsonString();

    private static JsonObject Statement(string id, JsonObject principal, JsonObject? condition, params string[] actions)
    {
        var statement = new JsonObject
        {
            ["Sid"] = id.Replace(" ", string.Empty, StringComparison.Ordinal),
            ["Effect"] = "Allow",
            ["Principal"] = principal,
            ["Action"] = new JsonArray([.. actions.Select(action => JsonValue.Create(action))]),
            ["Resource"] = "*",
        };
        if (condition is not null)
        {
            statement["Condition"] = condition;
        }

        return statement;
    }
}
