using System.Text.Json;

namespace Candor.Infra.Tests.Program;

/// <summary>Configurations to run the program with: by full key, lists and objects as JSON, as the engine hands them over.</summary>
internal static class StackInputs
{
    public static Dictionary<string, string> Dev() => new(StringComparer.Ordinal)
    {
        ["candor:environment"] = "dev",
        ["candor:image"] = "ghcr.io/example/orders:0.1.0",
        ["candor:vpcId"] = "vpc-1",
        ["candor:balancerSubnetIds"] = """["subnet-1","subnet-2"]""",
        ["candor:balancerSubnetCidrs"] = """["10.20.0.0/24","10.20.1.0/24"]""",
        ["candor:nodeCidrs"] = """["10.20.16.0/20"]""",
        ["candor:allowedCidrs"] = """["10.0.0.0/8"]""",
        ["candor:internal"] = "true",
        ["candor:waive"] = """{"IM001":"a development stack follows tags"}""",
        ["candor:databasePassword"] = "database-secret",
        ["candor:cachePassword"] = "cache-secret",
        ["candor:queuePassword"] = "queue-secret",
    };

    public static Dictionary<string, string> Prod() => Dev().With(
        ("environment", "prod"),
        ("waive", "{}"),
        ("image", "ghcr.io/example/orders@sha256:" + new string('a', 64)),
        ("dependencies", "external"),
        ("dependencyCidrs", """["10.20.64.0/22"]"""),
        ("privateSubnetIds", """["subnet-11","subnet-12"]"""),
        ("databaseConnection", "Host=db.example.com;Password=external-secret"),
        ("cacheConnection", "cache.example.com:6379,password=external-secret"),
        ("queueConnection", "amqp://u:external-secret@mq.example.com/"),
        ("internal", "false"),
        ("allowedCidrs", """["0.0.0.0/0","::/0"]"""),
        ("certificateArn", "arn:aws:acm:eu-west-1:123456789012:certificate/1"),
        ("accessLogsBucket", "logs"),
        ("webAclArn", "arn:aws:wafv2:eu-west-1:123456789012:regional/webacl/users/1"),
        ("databaseMaxConnections", "1000"));

    public static Dictionary<string, string> Managed() => Prod().With(("dependencies", "managed"));

    public static Dictionary<string, string> With(this Dictionary<string, string> config, params (string Key, string Value)[] changes)
    {
        var copy = new Dictionary<string, string>(config, StringComparer.Ordinal);
        foreach (var (key, value) in changes)
        {
            copy[$"candor:{key}"] = value;
        }

        return copy;
    }

    public static Dictionary<string, string> Without(this Dictionary<string, string> config, string key)
    {
        var copy = new Dictionary<string, string>(config, StringComparer.Ordinal);
        copy.Remove($"candor:{key}");
        return copy;
    }

    public static string Json(object value) => JsonSerializer.Serialize(value);
}
