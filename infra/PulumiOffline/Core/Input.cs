namespace Pulumi;

/// <summary>An input whose type is not known to the caller.</summary>
internal interface IInput
{
    IOutput ToOutput();
}

/// <summary>A value for a resource's property: at hand, or the output of another resource.</summary>
public class Input<T> : IInput
{
    private protected Output<T> outputValue;

    private protected Input(Output<T> outputValue)
        => this.outputValue = outputValue ?? throw new ArgumentNullException(nameof(outputValue));

    /// <summary>A value at hand.</summary>
    public static implicit operator Input<T>(T value) => Output.Create(value);

    /// <summary>A value that another resource gives.</summary>
    public static implicit operator Input<T>(Output<T> value) => new(value);

    /// <summary>The input as an output.</summary>
    public static implicit operator Output<T>(Input<T> input) => input.outputValue;

    IOutput IInput.ToOutput() => outputValue;
}
