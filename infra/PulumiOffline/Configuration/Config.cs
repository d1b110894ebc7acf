using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;

namespace Pulumi;

/// <summary>The stack's configuration under one name, by default the project's.</summary>
public sealed class Config
{
    private readonly string name;

    /// <summary>The bag called <paramref name="name"/>; the project's if missing.</summary>
    public Config(string? name = null)
    {
        name ??= Deployment.Instance.ProjectName;
        this.name = name.EndsWith(":config", StringComparison.Ordinal) ? name[..^":config".Length] : name;
    }

    /// <summary>The value, or null.</summary>
    public string? Get(string key) => Deployment.Current.GetConfig($"{name}:{key}");

    /// <summary>The value as a secret, or null.</summary>
    public Output<string>? GetSecret(string key) => Get(key) is { } value ? Output.CreateSecret(value) : null;

    /// <summary>The value as <c>true</c> or <c>false</c>, or null.</summary>
    public bool? GetBoolean(string key) => Get(key) switch
    {
        null => null,
        "true" => true,
        "false" => false,
        var other => throw WrongType(key, other, nameof(Boolean)),
    };

    /// <summary>The value as a secret <c>true</c> or <c>false</c>, or null.</summary>
    public Output<bool>? GetSecretBoolean(string key) => Secret(GetBoolean(key));

    /// <summary>The value as a whole number, or null.</summary>
    public int? GetInt32(string key) => Get(key) switch
    {
        null => null,
        var value when int.TryParse(value, NumberStyles.Integer, CultureInfo.InvariantCulture, out var number) => number,
        var other => throw WrongType(key, other, nameof(Int32)),
    };

    /// <summary>The value as a secret whole number, or null.</summary>
    public Output<int>? GetSecretInt32(string key) => Secret(GetInt32(key));

    /// <summary>The value as a number, or null.</summary>
    public double? GetDouble(string key) => Get(key) switch
    {
        null => null,
        var value when double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) => number,
        var other => throw WrongType(key, other, nameof(Double)),
    };

    /// <summary>The value as a secret number, or null.</summary>
    public Output<double>? GetSecretDouble(string key) => Secret(GetDouble(key));

    /// <summary>The value read as JSON, or null.</summary>
    [return: MaybeNull]
    public T GetObject<T>(string key) => Read<T>(key, null);

    /// <summary>The value read as JSON, or null.</summary>
    [return: MaybeNull]
    public T GetObject<T>(string key, JsonSerializerOptions options) => Read<T>(key, options);

    /// <summary>The value read as JSON, as a secret, or null.</summary>
    public Output<T>? GetSecretObject<T>(string key) => Get(key) is null ? null : Output.CreateSecret(Read<T>(key, null)!);

    /// <summary>The value read as JSON, as a secret, or null.</summary>
    public Output<T>? GetSecretObject<T>(string key, JsonSerializerOptions options)
        => Get(key) is null ? null : Output.CreateSecret(Read<T>(key, options)!);

    /// <summary>The value; missing is an error.</summary>
    public string Require(string key) => Get(key) ?? throw Missing(key);

    /// <summary>The value as a secret; missing is an error.</summary>
    public Output<string> RequireSecret(string key) => Output.CreateSecret(Require(key));

    /// <summary>The value as <c>true</c> or <c>false</c>; missing is an error.</summary>
    public bool RequireBoolean(string key) => GetBoolean(key) ?? throw Missing(key);

    /// <summary>The value as a secret <c>true</c> or <c>false</c>; missing is an error.</summary>
    public Output<bool> RequireSecretBoolean(string key) => Output.CreateSecret(RequireBoolean(key));

    /// <summary>The value as a whole number; missing is an error.</summary>
    public int RequireInt32(string key) => GetInt32(key) ?? throw Missing(key);

    /// <summary>The value as a secret whole number; missing is an error.</summary>
    public Output<int> RequireSecretInt32(string key) => Output.CreateSecret(RequireInt32(key));

    /// <summary>The value as a number; missing is an error.</summary>
    public double RequireDouble(string key) => GetDouble(key) ?? throw Missing(key);

    /// <summary>The value as a secret number; missing is an error.</summary>
    public Output<double> RequireSecretDouble(string key) => Output.CreateSecret(RequireDouble(key));

    /// <summary>The value read as JSON; missing is an error.</summary>
    public T RequireObject<T>(string key) => Get(key) is null ? throw Missing(key) : Read<T>(key, null)!;

    /// <summary>The value read as JSON; missing is an error.</summary>
    public T RequireObject<T>(string key, JsonSerializerOptions options) => Get(key) is null ? throw Missing(key) : Read<T>(key, options)!;

    /// <summary>The value read as JSON, as a secret; missing is an error.</summary>
    public Output<T> RequireSecretObject<T>(string key) => Output.CreateSecret(RequireObject<T>(key));

    /// <summary>The value read as JSON, as a secret; missing is an error.</summary>
    public Output<T> RequireSecretObject<T>(string key, JsonSerializerOptions options) =>
        Output.CreateSecret(RequireObject<T>(key, options));

    private T? Read<T>(string key, JsonSerializerOptions? options)
    {
        var value = Get(key);
        try
        {
            return value is null ? default : JsonSerializer.Deserialize<T>(value, options);
        }
        catch (JsonException exception)
        {
            throw WrongType(key, value, typeof(T).FullName!, exception);
        }
    }

    private static Output<T>? Secret<T>(T? value)
        where T : struct
        => value is { } v ? Output.CreateSecret(v) : null;

    private RunException WrongType(string key, string? value, string expected, Exception? cause = null)
        => new($"Configuration '{name}:{key}' value '{value}' is not a valid {expected}", cause);

    private RunException Missing(string key)
        => new(
            $"Missing Required configuration variable '{name}:{key}'\n\tplease set a value using the command `pulumi config set "
                + $"{name}:{key} <value>`");
}
