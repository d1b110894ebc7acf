using System.Globalization;

namespace Candor.Contract;

/// <summary>The contract as a process finds it in its environment.</summary>
/// <param name="Contract">As understood, validated.</param>
/// <param name="Speed">What every duration is divided by; 1 in production.</param>
public sealed record ContractEnvironment(HealthContract Contract, double Speed)
{
    /// <summary>The environment variable with the contract's JSON.</summary>
    public const string ContractVariable = "CANDOR_CONTRACT";

    /// <summary>The environment variable with the speed, a number of 1 or more; only the local target and tests set it.</summary>
    public const string SpeedVariable = "CANDOR_SPEED";

    /// <summary>As understood, validated. Not for a <c>with</c> to change: the hash would be another contract's.</summary>
    public HealthContract Contract { get; } = Contract;

    /// <summary>The JSON as received; the canonical text of <see cref="Contract"/> when none was.</summary>
    public string Text { get; private init; } = ContractJson.Serialize(Contract);

    /// <summary>The hash of <see cref="Text"/>: the one the infrastructure was deployed with, whatever the speed or this version.</summary>
    public string Hash { get; private init; } = ContractHash.Of(Contract);

    /// <summary>
    /// One sentence that names the properties unknown to this version, logged once as a warning; null when there are none.
    /// </summary>
    public string? Notice { get; private init; }

    /// <summary>The contract with the speed applied: what the process runs by.</summary>
    public HealthContract Effective => Contract.Scale(Speed);

    /// <summary>
    /// Where the contract of <see cref="ContractVariable"/> differs from the one in the app's code, as <c>balancer.interval</c>; empty when
    /// they agree or the variable is not set. The variable wins.
    /// </summary>
    public IReadOnlyList<string> Differences { get; private init; } = [];

    /// <summary>More names than these would make a log line of unbounded length.</summary>
    private const int MostNamed = 10;

    /// <summary>Reads both variables. The contract is read leniently, because another version may have written it.</summary>
    /// <param name="read">How to read one variable; null when it is not set.</param>
    /// <param name="fallback">The contract to use when <see cref="ContractVariable"/> is not set.</param>
    /// <exception cref="InvalidContractException">
    /// One of them cannot be used; the message names it, what was found and what was expected.
    /// </exception>
    public static ContractEnvironment Load(Func<string, string?> read, HealthContract fallback)
    {
        ArgumentNullException.ThrowIfNull(read);
        var text = read(SpeedVariable);
        var speed = 1.0;
        if (!string.IsNullOrEmpty(text)
            && (!double.TryParse(
                text,
                NumberStyles.AllowDecimalPoint,
                CultureInfo.InvariantCulture,
                out speed) || !(speed >= 1) || double.IsInfinity(speed)))
        {
            throw new InvalidContractException(
                SpeedVariable,
                [new(
                    "CT011",
                    SpeedVariable,
                    $"\"{text}\"",
                    "a number of 1 or more",
                    "Every duration is divided by it.",
                    "Unset it, or write a number such as 5.")]);
        }

        if (read(ContractVariable) is not { Length: > 0 } json)
        {
            return new(fallback, speed);
        }

        var (contract, ignored) = ContractJson.ParseLenient(json, ContractVariable);
        return new(contract, speed)
        {
            Text = json,
            Hash = ContractHash.OfText(json),
            Differences = ContractJson.Differences(fallback, contract),
            Notice = NoticeOf(ignored),
        };
    }

    private static string? NoticeOf(IReadOnlyList<string> ignored) => ignored.Count == 0
        ? null
        : $"{ContractVariable} has {ignored.Count} {(ignored.Count == 1 ? "property" : "properties")} unknown to this version of Candor "
            + $"(ignored): {string.Join(", ", ignored.Take(MostNamed))}{(ignored.Count > MostNamed ? ", ..." : string.Empty)}. "
            + "The stack was deployed with another version than the image.";
}
