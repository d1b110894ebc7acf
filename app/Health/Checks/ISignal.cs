namespace Candor.Health.Checks;

/// <summary>Something about traffic or the process that is known at once, without asking anyone. Read with every evaluation.</summary>
internal interface ISignal
{
    /// <summary>Its name among the checks.</summary>
    string Name { get; }

    /// <summary>Its current value. Does not block.</summary>
    CheckReport Read();
}
