using System.Globalization;

namespace Candor.Contract;

/// <summary>The contract as a process finds it in its environment.</summary>
/// <param name="Contract">As written, validated; what is hashed.</param>
/// <param name="Speed">What every duration is divided by; 1 in production.</param>
public sealed record ContractEnvironment(HealthContract Contract, double Speed)
{
    /// <summary>The environment variable with the contract's JSON.</summary>
    public const string ContractVariable = "CANDOR_CONTRACT";

    /// <summary>The environment variable with the speed, a number from 1 on; only the local target and tests set it.</summary>
    public const string SpeedVariable = "CANDOR_SPEED";

    /// <summary>As written, validated; what is hashed. Not for a <c>with</c> to change: the hash would be another contract's.</summary>
    public HealthContract Contract { get; } = Contract;

    /// <summary>The hash of <see cref="Contract"/>: the one the infrastructure was deployed with, whatever the speed.</summary>
    public string Hash { get; } = ContractHash.Of(Contract);

    /// <summary>The contract with the speed applied: what the process runs by.</summary>
    public HealthContract Effective => Contract.Scale(Speed);

    /// <summary>Reads both variables.</summary>
    /// <param name="read">How to read one variable; null when it is not set.</param>
    /// <param name="fallback">The contract to use when <see cref="ContractVariable"/> is not set.</param>
    /// <exception cref="InvalidContractException">One of them cannot be used; the message names it, what was found and what was expected.</exception>
    public static ContractEnvironment Load(Func<string, string?> read, HealthContract fallback)
    {
        ArgumentNullException.ThrowIfNull(read);
        var contract = read(ContractVariable) is { Length: > 0 } json ? ContractJson.Parse(json, ContractVariable) : fallback;
        var text = read(SpeedVariable);
        var speed = 1.0;
        if (!string.IsNullOrEmpty(text)
            && (!double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out speed) || !(speed >= 1) || double.IsInfinity(speed)))
        {
            throw new InvalidContractException(SpeedVariable, [new("CT011", SpeedVariable, $"\"{text}\"", "a number from 1 on", "Every duration is divided by it.", "Unset it, or write a number such as 5.")]);
        }

        return new(contract, speed);
    }
}
